import type { DaemonFacts } from "../../../components/targets/endpoints";
import type { Builder } from "../../../components/config/image";
import type { InstalledTool, Tool } from "../../sandbox/install/tool";
import type { DaemonImage } from "../prune/unused";
import { describePending } from "../../pulumi/repair/adopt";
import { describeLock, type Holder, type Lock } from "../../pulumi/repair/locks";
import type { PendingOperation } from "../../pulumi/state";

/** One thing that was looked at. */
export interface Finding {
  /** `note`: nothing that keeps a stack from working. */
  state: "well" | "note" | "ill";
  subject: string;
  detail: string;
  /** A command, or what else to do. */
  fix?: string;
}

const well = (subject: string, detail: string): Finding => ({ state: "well", subject, detail });
const ill = (subject: string, detail: string, fix: string): Finding => ({ state: "ill", subject, detail, fix });

export function toolFinding({ title }: Tool, installed: InstalledTool | undefined, stack: string): Finding {
  return installed === undefined
    ? ill(title, "is not installed", `npm run up -- ${stack}`)
    : well(title, `${installed.version} in ${installed.folder}`);
}

export function pluginFinding(name: string, version: string, isInstalled: boolean, stack: string): Finding {
  const subject = `plugin ${name}`;
  return isInstalled
    ? well(subject, version)
    : ill(subject, `${version} is not in Pulumi's plugin cache`, `npm run up -- ${stack}`);
}

/** What a look-up ended with: its result, or why there is none, which for a `Problem` names the command that helps. */
export type Answer<T> = { value: T } | { error: Error };

/** A `Problem` ends with what helps, after its last colon or semicolon. */
export function splitProblem(message: string): { detail: string; fix: string } {
  const cut = Math.max(message.lastIndexOf("; "), message.lastIndexOf(": "));
  const fix = message
    .slice(cut + 2)
    .replace(/\.$/, "")
    .replace(/^run `([^`]*)`$/, "$1");
  return cut === -1 ? { detail: message, fix: "" } : { detail: message.slice(0, cut), fix };
}

export function problemFinding(subject: string, { message }: Error): Finding {
  const { detail, fix } = splitProblem(message);
  return { state: "ill", subject, detail, ...(fix === "" ? {} : { fix }) };
}

export function daemonFinding(
  host: string,
  answer: Answer<DaemonFacts>,
  builder: Builder,
  hint: string,
  stack: string,
): Finding {
  const subject = "Docker daemon";
  if ("error" in answer) {
    return ill(subject, `${host} does not answer (${answer.error.message})`, unquoted(hint));
  }
  const { platform, containerdStore } = answer.value;
  if (builder === "docker" && containerdStore) {
    const detail = `${host} keeps its images in containerd's store, which builder docker cannot handle`;
    return ill(subject, detail, `pulumi config set builder docker-build --stack ${stack}`);
  }
  return well(subject, `${host} answers, ${platform}`);
}

export function contextFinding(name: string, server: string, answer: Answer<string>, hint: string): Finding {
  return "error" in answer
    ? ill("kube context", `${name} at ${server} does not answer (${answer.error.message})`, unquoted(hint))
    : well("kube context", `${name} at ${server} answers`);
}

/** `run `X`` is shown as X, like any other fix. */
const unquoted = (hint: string): string => hint.replace(/^run `([^`]*)`$/, "$1");

export function lockFindings(locks: { lock: Lock; holder: Holder }[], stack: string): Finding[] {
  const findings = locks.map(({ lock, holder }): Finding => {
    const problem = describeLock(lock, holder, stack);
    return holder === "gone"
      ? ill("lock", problem.message, `npm run up -- ${stack}`)
      : { ...problemFinding("lock", problem), state: holder === "running" ? "note" : "ill" };
  });
  return findings.length > 0 ? findings : [well("lock", "none")];
}

export function pendingFinding(pending: PendingOperation[], stack: string): Finding {
  return pending.length === 0
    ? well("pending operations", "none")
    : ill("pending operations", pending.map(describePending).join(", "), `npm run up -- ${stack}`);
}

/** Whether the image that a stack runs can be started once more. */
export function imageFinding(image: string, isThere: boolean, stack: string): Finding {
  return isThere
    ? well("deployed image", image)
    : ill("deployed image", `${image} is not on the Docker daemon any more`, `npm run up -- ${stack}`);
}

export function unusedImagesFinding(unused: DaemonImage[], stack: string): Finding {
  if (unused.length === 0) {
    return well("leftover images", "none");
  }
  const detail = `${unused.length} of this project that nothing uses`;
  return { state: "note", subject: "leftover images", detail, fix: `npm run prune -- ${stack}` };
}

/** Namespaces with this project's app that no stack knows: another checkout's, or a lost state's. */
export function namespaceFindings(found: string[], known: Set<string>, context: string): Finding[] {
  const left = found.filter((name) => !known.has(name)).sort();
  const findings = left.map((name): Finding => ({
    state: "note",
    subject: "leftover namespace",
    detail: `${name}: no stack of this backend has it; if no other checkout does either, delete it`,
    fix: `kubectl --context ${context} delete namespace ${name}`,
  }));
  return findings.length > 0 ? findings : [well("leftover namespaces", "none")];
}

/** A secret key that stands in a stack's file for everybody to read. */
export function secretFinding(stack: string, plainKey: string | undefined): Finding[] {
  return plainKey === undefined || plainKey === ""
    ? []
    : [
        ill(
          "secretKey",
          `stands in Pulumi.${stack}.yaml in plain text`,
          `pulumi config set --secret secretKey "$(openssl rand -base64 48)" --stack ${stack}`,
        ),
      ];
}

const marks: Record<Finding["state"], string> = { well: "✓", note: "!", ill: "✗" };

/** A row for each finding, and one more below for its fix. */
export function rowsOf(findings: Finding[]): string[][] {
  return findings.flatMap(({ state, subject, detail, fix }) => [
    [marks[state], subject, detail],
    ...(fix === undefined ? [] : [["", "", `→ ${fix}`]]),
  ]);
}
