import { projectFolder } from "../../../../components/config/project";
import type { Decision, Setting } from "../decision/decision";
import type { StackFileText } from "./editStackFile";

/** A decision beside what a stack's file says. */
export interface Comparison {
  /** Settings that the file gets. */
  settings: Setting[];
  secrets: Setting[];
  /** Keys and entries that are so already. */
  same: Setting[];
  /** Those that are something else in the file, and stay so. */
  kept: { setting: Setting; current: string }[];
  /** Keys that are taken out, with why. */
  removed: { key: string; name?: string; why: string }[];
}

export interface CompareOptions {
  /** Whether what the file says is replaced. */
  force: boolean;
  /** What a key is where the file does not set it. */
  defaultOf: (key: string) => string | undefined;
  /** Whether the stack's target is a cluster of one's own. */
  isLocal: boolean;
}

/** Keys that say how one project is built and run: another project's would be wrong for this one. */
const ofOneProject = [
  "dockerfile",
  "buildTarget",
  "buildArgs",
  "command",
  "processes",
  "schedules",
  "media",
  "port",
  "env",
  "debugValues",
  "release",
  "runAsUser",
  "writablePaths",
  "livenessPath",
  "readinessPath",
  "startPath",
];

const asWithDocker = "the image's own user and disk are used, as with docker run";

/** Compares what was decided with a stack's file: what it says stays, unless it is to be replaced. */
export function compare(
  { settings, secrets }: Pick<Decision, "settings" | "secrets">,
  file: StackFileText,
  { force, defaultOf, isLocal }: CompareOptions,
): Comparison {
  const comparison: Comparison = { settings: [], secrets: [], same: [], kept: [], removed: [] };
  const project = settings.find(({ key }) => key === "project");
  const named = file.current({ key: "project" });
  const isOther = project !== undefined && project.value !== projectFolder(named ?? defaultOf("project") ?? "");
  // What was set before any project was named is for this one.
  const stale = isOther && named !== undefined ? ofOneProject.filter((key) => isSet(file, key)) : [];
  comparison.removed.push(...stale.map((key) => ({ key, why: `it was for ${named ?? ""}` })));
  const level = file.current({ key: "podSecurity" });
  if (isOther && isLocal && level === "restricted") {
    comparison.removed.push({ key: "podSecurity", why: asWithDocker });
  } else if (isOther && isLocal && level === undefined && defaultOf("podSecurity") === "restricted") {
    // Another app has what the stack says of the first one.
    comparison.settings.push({ key: "podSecurity", value: "baseline", where: asWithDocker });
  }
  for (const setting of settings) {
    const current = stale.includes(setting.key) ? undefined : currentOf(file, setting);
    if (
      (setting === project && !isOther) ||
      isEncrypted(file, setting) ||
      current === setting.value ||
      (current === undefined && defaultOf(setting.key) === setting.value)
    ) {
      comparison.same.push(setting);
    } else if (current === undefined || force || setting === project) {
      comparison.settings.push(setting);
    } else {
      comparison.kept.push({ setting, current });
    }
  }
  for (const secret of secrets) {
    const { name = "" } = secret;
    const plain = stale.includes("env") ? undefined : file.current({ key: "env", name });
    if (plain !== undefined && !force) {
      comparison.kept.push({ setting: secret, current: plain });
    } else if (file.current(secret) === undefined || force) {
      comparison.secrets.push(secret);
      comparison.removed.push(...(plain === undefined ? [] : [{ key: "env", name, why: "it is encrypted now" }]));
    } else {
      comparison.same.push(secret);
    }
  }
  return comparison;
}

/** An entry that is there, such as a process, is taken as a whole: a field that somebody left out of it stays out. */
function currentOf(file: StackFileText, setting: Setting): string | undefined {
  const { key, name = "", field } = setting;
  const current = file.current(setting);
  return current === undefined && field !== undefined && file.names(key).includes(name) ? "not set" : current;
}

function isSet(file: StackFileText, key: string): boolean {
  return file.current({ key }) !== undefined || file.names(key).length > 0;
}

/** A variable that somebody has encrypted stays so. */
function isEncrypted(file: StackFileText, { key, name }: Setting): boolean {
  return key === "env" && name !== undefined && file.current({ key: "secretEnv", name }) !== undefined;
}
