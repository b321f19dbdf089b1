import { shellWord } from "../../../components/advice";
import type { Builder } from "../../../components/config/image";
import { Refused } from "../../../components/kubernetes/client";
import { Problem } from "../../../components/problem";
import type { DaemonFacts } from "../../../components/targets/endpoints";
import { appKey, type AppOfStack, whatOf } from "../../app/appWords";
import { describePending } from "../../pulumi/repair/adopt";
import { describeLock, type Holder, type Lock } from "../../pulumi/repair/locks";
import type { DeployedImage, PendingOperation, StoredResource } from "../../pulumi/state";
import type { InstalledTool, Tool } from "../../sandbox/install/tool";
import { project } from "../../stack/stackConfig";
import type { DaemonImage } from "../prune/unused";
import type { Stray } from "./strays";

/** The result of one check. */
export interface Finding {
  /** `note`: worth knowing, but the stack works all the same. */
  status: "ok" | "note" | "failed";
  /** What was checked, such as "Docker daemon". */
  subject: string;
  detail: string;
  /** What another program printed about it. @default nothing */
  output?: readonly string[];
  /** What helps, as in a `Problem`: a clause that begins in lower case. @default nothing is known to help */
  help?: string;
}

const ok = (subject: string, detail: string): Finding => ({ status: "ok", subject, detail });
const note = (subject: string, detail: string, help: string): Finding => ({ status: "note", subject, detail, help });
const failed = (subject: string, detail: string, help: string): Finding => ({
  status: "failed",
  subject,
  detail,
  help,
});

const runUp = (stack: string): string => `run \`npm run up -- ${stack}\``;

/** What a question was answered with, or why it was not. */
export type Attempt<T> = { value: T } | { error: Error };

export function problemFinding(subject: string, error: Error): Finding {
  if (!(error instanceof Problem)) {
    return { status: "failed", subject, detail: error.message };
  }
  const { failed: detail, help, output } = error;
  return {
    status: "failed",
    subject,
    detail,
    ...(output.length === 0 ? {} : { output }),
    ...(help === undefined ? {} : { help }),
  };
}

export function toolFinding({ title }: Tool, installed: InstalledTool | undefined, stack: string): Finding {
  return installed === undefined
    ? failed(title, "is not installed", runUp(stack))
    : ok(title, `${installed.version} in ${installed.folder}`);
}

export function pluginFinding(name: string, version: string, isInstalled: boolean, stack: string): Finding {
  const subject = `plugin ${name}`;
  return isInstalled
    ? ok(subject, version)
    : failed(subject, `${version} is not in Pulumi's plugin cache`, runUp(stack));
}

/** @param namedBy what of this shell names the daemon; @default nothing does */
export function daemonFinding(host: string, { platform }: DaemonFacts, namedBy?: string): Finding {
  const because = namedBy === undefined ? "" : `; ${namedBy} names it`;
  return ok("Docker daemon", `${host} answers, ${platform}${because}`);
}

export function builderFinding(builder: Builder, note?: string): Finding {
  return ok("builder", note?.replace(/^Builder /, "") ?? builder);
}

export function contextFinding(name: string, server: string, answer: Attempt<unknown>, hint: string): Finding {
  return "error" in answer
    ? failed("kube context", `${name} at ${server} does not answer (${answer.error.message})`, hint)
    : ok("kube context", `${name} at ${server} answers`);
}

export function lockFindings(locks: { lock: Lock; holder: Holder }[], stack: string): Finding[] {
  const findings = locks.map(({ lock, holder }): Finding => {
    const problem = describeLock(lock, holder, stack);
    return holder === "gone"
      ? failed("lock", problem.failed, runUp(stack))
      : { ...problemFinding("lock", problem), status: holder === "running" ? "note" : "failed" };
  });
  return findings.length > 0 ? findings : [ok("lock", "none")];
}

/** @param resources of the stack's last deployment */
export function stateFinding(resources: readonly StoredResource[], stack: string): Finding {
  return resources.length === 0
    ? note("state", "nothing is deployed", runUp(stack))
    : ok("state", `${resources.length} resources`);
}

export function pendingFinding(pending: PendingOperation[], stack: string): Finding {
  return pending.length === 0
    ? ok("pending operations", "none")
    : failed("pending operations", pending.map(describePending).join(", "), runUp(stack));
}

/**
 * Whether the cluster has what the state has.
 *
 * @param gone objects that it has no more, such as "Service web"
 * @param count of all that were looked for
 */
export function objectsFinding(gone: readonly string[], count: number, stack: string): Finding {
  if (gone.length === 0) {
    return ok("deployed objects", `${count} are there`);
  }
  const namespace = gone.find((name) => name.startsWith("Namespace "));
  const what = namespace === undefined ? gone.join(", ") : `${namespace}, and with it all that was in it,`;
  const help = `run \`npm run drift -- ${stack} --restore\``;
  return failed("deployed objects", `${what} ${namespace === undefined && gone.length > 1 ? "are" : "is"} gone`, help);
}

/** What an app's namespace is called as the subject of a finding. */
export const namespaceOf = (app: string): string => whatOf(app, "namespace");

/** A namespace that another stack took over, which the state still has. */
export function foreignNamespaceFinding(name: string, whose: string, stack: string): Finding {
  return failed(
    namespaceOf(project),
    `${name} belongs to ${whose}`,
    `run \`npm run down -- ${stack}\`, which clears this stack's state and leaves the namespace as it is`,
  );
}

/** Whether a new pod of an app could start: its image has to be on the Docker daemon. */
export function imageFinding({ app, image }: DeployedImage, isThere: boolean, stack: string): Finding {
  const subject = whatOf(app, "deployed image");
  return isThere ? ok(subject, image) : failed(subject, `${image} is no longer on the Docker daemon`, runUp(stack));
}

export function unusedImagesFinding(unused: DaemonImage[], stack: string): Finding {
  if (unused.length === 0) {
    return ok("leftover images", "none");
  }
  return note(
    "leftover images",
    `${unused.length} of this project, in use nowhere`,
    `run \`npm run prune -- ${stack}\``,
  );
}

/** Why nobody searched for leftovers: who may not list the whole cluster has a stack that works all the same. */
export function unsearchedFinding(error: Error): Finding {
  return error instanceof Refused && error.status === 403
    ? note("leftovers", error.failed, "ask whoever may list the workloads of all namespaces to look for them")
    : problemFinding("leftovers", error);
}

/** Namespaces with this project's app that belong to no stack of the backend: another checkout's, or a lost state's. */
export function namespaceFindings(strays: readonly Stray[], context: string): Finding[] {
  const findings = [...strays]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((stray) => strayFinding(stray, context));
  const isLeft = findings.some(({ status }) => status === "note");
  return [...findings, ...(isLeft ? [] : [ok("leftover namespaces", "none")])];
}

function strayFinding({ name, maker, holdsMore }: Stray, context: string): Finding {
  if (maker !== undefined && maker.lost === undefined) {
    return ok("other namespace", `${name} belongs to ${maker.inWords}`);
  }
  const subject = "leftover namespace";
  const remove = `run \`kubectl --context ${shellWord(context)} delete namespace ${name}\``;
  if (maker?.lost !== undefined) {
    const adopt = `to take it over with all that is in it, set \`namespace\` to ${name} and \`adoptNamespace\` to ${maker.lost.uid} in a stack`;
    return note(
      subject,
      `${name} was made by ${maker.inWords}, whose state is lost`,
      holdsMore ? adopt : `${adopt}, or ${remove}`,
    );
  }
  return holdsMore
    ? note(
        subject,
        `${name} belongs to no stack of this backend, and holds data or what others made`,
        `look with \`kubectl --context ${shellWord(context)} --namespace ${name} get all,persistentvolumeclaims\` for whose it is`,
      )
    : note(
        subject,
        `${name} belongs to no stack of this backend`,
        `if it belongs to no other checkout either, ${remove}`,
      );
}

/** @param plainKey an app's secret key in the stack's file; undefined where it is encrypted or not set */
export function secretFinding({ stack, app }: AppOfStack, plainKey: string | undefined): Finding[] {
  const key = appKey(app, "secretKey");
  return plainKey === undefined || plainKey === ""
    ? []
    : [
        failed(
          key,
          `Pulumi.${stack}.yaml has it in plain text`,
          `run \`pulumi config set --secret ${key} "$(openssl rand -base64 48)" --stack ${stack}\``,
        ),
      ];
}
