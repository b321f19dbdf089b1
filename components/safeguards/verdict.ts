import { shellWord } from "../advice";
import { Problem } from "../problem";
import type { LiveObject, Sight } from "../targets/endpoints";
import { type Mark, markOf } from "./mark";
import type { PriorApp } from "./priorState";

/** Whose a namespace is, by what the cluster says of what marks it, and by the stack's state. */
export type Verdict =
  /** Nobody's: it is not there. */
  | "free"
  | "ours"
  /** Ours by the state, but somebody deleted it. */
  | "gone"
  /** On its way out, whoever's. */
  | "ending"
  /** It may be there, but this user may not see it. */
  | "unknown"
  | Foreign;

/** Somebody else's. */
export interface Foreign {
  whose: Mark | undefined;
  uid: string;
  /** Whether the state has it: another stack took it over. */
  wasOurs: boolean;
}

/** @param isSameCluster whether the cluster is that of the state */
export function judge(sight: Sight, prior: PriorApp, name: string, isSameCluster: boolean): Verdict {
  const { claim } = prior;
  const isInState = isSameCluster && claim !== undefined && nameOf(claim.key.metadata) === name;
  if (sight === "absent") {
    return isInState ? "gone" : "free";
  }
  if (sight === "hidden") {
    return isInState ? "ours" : "unknown";
  }
  if (!isOurs(sight, prior)) {
    const { uid } = sight.metadata;
    return { whose: markOf(sight.metadata), uid, wasOurs: isInState && claim.uid === uid };
  }
  return sight.metadata.deletionTimestamp === undefined ? "ours" : "ending";
}

/**
 * Whether an object is the stack's: by its mark, or by its uid where an earlier release made it without one. An update
 * that was killed may have marked it and not noted that any more.
 */
export function isOurs({ metadata }: LiveObject, { mark, claim }: Pick<PriorApp, "mark" | "claim">): boolean {
  const found = markOf(metadata);
  const isInState = claim?.uid === metadata.uid;
  return found === undefined
    ? isInState
    : found.id === mark.id || (isInState && claim.mark === undefined && found.madeBy === mark.madeBy);
}

/** Name of the namespace that an object is, or is in. */
export function nameOf({ name, namespace }: { name: string; namespace?: string }): string {
  return namespace ?? name;
}

/** What a refusal names. */
export interface Place {
  namespace: string;
  context: string;
  stack: string;
}

/** Refuses a namespace in which nobody can do anything. Throws a `Problem`; returns whose any other one is. */
export function refuseUnusable(verdict: Verdict, place: Place): "free" | "ours" | Foreign {
  switch (verdict) {
    case "gone":
      throw gone(place);
    case "ending":
      throw ending(place);
    case "unknown":
      throw unseen(place);
    default:
      return verdict;
  }
}

/** The stack's namespace was deleted by hand. */
function gone({ namespace, context, stack }: Place): Problem {
  return new Problem(
    `Stack ${stack} has the namespace "${namespace}" in its state, and the cluster of kube context "${context}" has it no more: it was deleted with all that was in it`,
    `run \`npm run drift -- ${stack} --restore\` to make it again`,
  );
}

/** A namespace that is being deleted, in which nothing can be made. */
export function ending({ namespace, context }: Place): Problem {
  return new Problem(
    `Namespace "${namespace}" of kube context "${context}" is being deleted`,
    `wait until \`kubectl --context ${shellWord(context)} get namespace ${namespace}\` says NotFound, and run it again`,
  );
}

/** A namespace that may not be looked at, so nobody knows whose it is. */
function unseen({ namespace, context }: Place): Problem {
  return new Problem(
    `The cluster of kube context "${context}" does not let you see the namespace "${namespace}" (403), so that it may be somebody else's`,
    "ask for the right to get it, or, if it was made for you, run `pulumi config set existingNamespace true`",
  );
}

/** Somebody else's namespace. `canAdopt`: nothing in it would be lost that this project did not make. */
export function foreign(
  { namespace, context, stack }: Place,
  { whose, uid, wasOurs }: Foreign,
  canAdopt: boolean,
): Problem {
  const place = `Namespace "${namespace}" of kube context "${context}"`;
  if (wasOurs && whose !== undefined) {
    return new Problem(
      `${place} is not this stack's any more: it was taken over by ${whose.madeBy}`,
      `run \`npm run down -- ${stack}\`, which clears this stack's state and leaves the namespace as it is`,
    );
  }
  const other = `run \`pulumi config set namespace NAME --stack ${stack}\` for a namespace of its own`;
  const adopt = `run \`pulumi config set adoptNamespace ${uid} --stack ${stack}\` to take it over with all that is in it`;
  if (whose !== undefined) {
    return new Problem(
      `${place} belongs to ${whose.madeBy}, and not to this stack's state`,
      `${other}, or, if that one is given up or lost, ${adopt}`,
    );
  }
  return canAdopt
    ? new Problem(
        `${place} was not made by this stack, and what is in it is this project's or nothing`,
        `${other}; if it is yours, ${adopt}; if it was made for you and has to stay, run \`pulumi config set existingNamespace true --stack ${stack}\``,
      )
    : new Problem(
        `${place} was not made by kubernetes-django, and there is something in it`,
        `${other}; if it was made for you and has to stay, run \`pulumi config set existingNamespace true --stack ${stack}\``,
      );
}
