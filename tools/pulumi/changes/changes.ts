import type { EngineReport, EngineStep } from "./previewJson";
import {
  diffProperties,
  knownAfterUpdate,
  leaves,
  namedPath,
  type PropertyChange,
  secret,
  shown,
  valueAt,
} from "./propertyDiff";

export const actions = ["create", "change", "replace", "delete"] as const;
export type Action = (typeof actions)[number];

/** A resource as a reader knows it: `Deployment` and `kubernetes-django`. */
export interface Resource {
  kind: string;
  name: string;
}

export interface ResourceProperty extends PropertyChange {
  /** Whether the resource is replaced because of this property. */
  forcesReplacement: boolean;
}

export interface Change extends Resource {
  action: Action;
  /** All inputs of a created resource, what differs in a changed or replaced one, and nothing of a deleted one. */
  properties: ResourceProperty[];
}

/** What the engine plans, in an order that does not depend on the order of its steps. */
export interface Plan {
  changes: Change[];
  unchanged: Resource[];
}

/** The order of changes: what needs most attention comes first. */
const byAttention: Action[] = ["replace", "delete", "change", "create"];

const actionOf: Record<string, Action | undefined> = {
  create: "create",
  import: "create",
  update: "change",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

/** In a refresh the engine reports "refresh" or "read" for an unchanged resource. */
const unchangedOperations = ["same", "refresh", "read"];

/** Sorts the steps of an engine's report into changes and unchanged resources. */
export function planOf({ steps }: EngineReport): Plan {
  const byUrn = new Map<string, Change>();
  const unchanged: Resource[] = [];
  for (const step of steps) {
    if (unchangedOperations.includes(step.op)) {
      unchanged.push(resourceOf(step.urn));
      continue;
    }
    const change = changeOf(step, actionOf[step.op] ?? "change");
    const known = byUrn.get(step.urn);
    if (known === undefined || (known.action !== "replace" && change.action === "replace")) {
      byUrn.set(step.urn, change);
    }
  }
  const changes = [...byUrn.values()].sort(
    (one, other) => byAttention.indexOf(one.action) - byAttention.indexOf(other.action) || byName(one, other),
  );
  return { changes, unchanged: unchanged.sort(byName) };
}

function byName(one: Resource, other: Resource): number {
  const [first, second] = [one, other].map(({ kind, name }) => `${kind} ${name}`);
  return (first ?? "") < (second ?? "") ? -1 : 1;
}

/** The resource that a URN names: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function resourceOf(urn: string): Resource {
  const [, , types = "", ...rest] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  const provider = /^pulumi:providers:(.+)$/.exec(type)?.[1];
  return {
    kind: provider === undefined ? (type.split(":").at(-1) ?? type) : `Provider ${provider}`,
    name: rest.join("::"),
  };
}

function changeOf(step: EngineStep, action: Action): Change {
  const found = { create: created, delete: () => [], change: changed, replace: changed }[action](step);
  const properties = found.map((property) => ({ ...property, ...masked(step, property), path: label(property.path) }));
  return { action, ...resourceOf(step.urn), properties };
}

function created({ newState }: EngineStep): ResourceProperty[] {
  return leaves(newState?.inputs ?? {}).map(({ path, value }) => ({
    path,
    before: undefined,
    after: value,
    forcesReplacement: false,
  }));
}

function changed(step: EngineStep): ResourceProperty[] {
  const before = step.oldState?.inputs ?? {};
  const after = step.newState?.inputs ?? {};
  const reasons = (step.replaceReasons ?? []).map((path) => namedPath(after, path));
  const ofInputs = diffProperties(before, after);
  // Only the provider knows of properties that are not inputs, and of changed secrets, which look the same here.
  const ofProvider = Object.entries(step.detailedDiff ?? {}).flatMap(([path, { kind }]) => {
    const name = namedPath(kind.startsWith("delete") ? before : after, path);
    return ofInputs.some((each) => overlap(each.path, name)) ? [] : [{ path: name, ...sidesOf(step, path) }];
  });
  return [...ofInputs, ...ofProvider].map((property) => ({
    ...property,
    forcesReplacement: reasons.some((reason) => overlap(property.path, reason)),
  }));
}

function sidesOf({ oldState, newState }: EngineStep, path: string): { before: unknown; after: unknown } {
  const before = valueAt(oldState?.inputs, path) ?? valueAt(oldState?.outputs, path);
  const after = valueAt(newState?.inputs, path) ?? valueAt(newState?.outputs, path) ?? knownAfterUpdate;
  return { before: shown(before), after: shown(after) };
}

/** Whether two paths are equal, or one of them contains the other. */
function overlap(one: string, other: string): boolean {
  const [short = "", long = ""] = [one, other].sort((a, b) => a.length - b.length);
  return long === short || long.startsWith(`${short}.`) || long.startsWith(`${short}[`);
}

/** Hides the data of a Secret even where the program did not mark it as secret. */
function masked({ urn }: EngineStep, { path, before, after }: PropertyChange): { before: unknown; after: unknown } {
  const hide = (value: unknown): unknown => (value === undefined ? undefined : secret);
  return resourceOf(urn).kind === "Secret" && /^(data|stringData)\b/.test(path)
    ? { before: hide(before), after: hide(after) }
    : { before: plainVariable(path, before), after: plainVariable(path, after) };
}

/** The value of an environment variable that is given as a whole. */
function plainVariable(path: string, value: unknown): unknown {
  const variable = /\.env\[[^\]]+\]$/.test(path) ? (value as { value?: unknown } | undefined) : undefined;
  return variable?.value ?? value;
}

/** A path without the parts that every reader knows: the pod template above containers, `value` of a variable. */
function label(path: string): string {
  return path.replace(/^spec\.template\.spec\./, "").replace(/(\.env\[[^\]]+\])\.value$/, "$1");
}
