import { createHash } from "node:crypto";
import path from "node:path";

import { intoVolume } from "./backupVolume";
import { code } from "./markdown";
import { secret } from "../../pulumi/changes/propertyDiff";
import { type Config, defaultOf, type StackFiles } from "../../stack/stackFiles";
import type { ConfigChange } from "./sections";

/** How base and working tree are configured for a deployment beside the real ones. */
export interface ThrowawayConfig {
  /** Undefined where the base has no such stack. */
  base: Config | undefined;
  head: Config;
  /** Namespaces and image repositories that only this deployment uses. */
  namespaces: string[];
  imageRepositories: string[];
  /** Throwaway values, and what the summary shows instead of them. */
  shownAs: Map<string, string>;
  /** How the stack's config itself differs. */
  changes: ConfigChange[];
  /** Sentences on what differs from the real stack. */
  notes: string[];
  /** Whether the config differs in something that the preview cannot show. */
  hidesChanges: boolean;
}

export interface ThrowawayOptions {
  /** Lower-case letters and digits that no other throwaway stack uses. */
  id: string;
  /** Config by which a machine differs from the stack's file. */
  overrides: Config;
  /** Returns the text that replaces an encrypted value: equal values get equal texts. */
  placeholder: (encrypted: string) => string;
  /** Encrypts that text, since the program refuses secrets in plain text. */
  encrypt: (text: string) => string;
  /** Where the base is checked out, relative to the working tree. */
  baseFolder: string;
}

const longestNamespace = 63;

/**
 * Keys that a throwaway stack omits, of each of its apps: a port can be used only once, and a preview must not touch a real
 * database, or the storage of real backups.
 */
const omitted = ["nodePort", "databaseUrl", "backupAccessKey", "backupSecretKey"];

/** Keys whose values are hidden, even in plain text. */
const secretive = /secret|password|token|credential|private/i;

/** Gives a stack's config its own names, no fixed port, and placeholders for what only the stack's backend can decrypt. */
export function throwawayConfig(base: StackFiles, head: StackFiles, options: ThrowawayOptions): ThrowawayConfig {
  const shownAs = new Map<string, string>();
  const secrets = new Set<string>();
  const convert = ({ project, stack }: StackFiles): Config => {
    const key = (name: string): string => `${project.name}:${name}`;
    const own = stack?.config ?? {};
    const rename = (name: string, longest: number): string => {
      const [real = project.name] = [own[key(name)], defaultOf(project.config?.[name])].filter(isText);
      const throwaway = withSuffix(real, `-pr-${options.id}`, longest);
      shownAs.set(throwaway, real);
      return throwaway;
    };
    const readable = Object.entries(own)
      .filter(([name]) => !omitted.includes(withoutNamespace(name)))
      .map(([name, value]): [string, unknown] => [
        name,
        replaceSecrets(elsewhere(withoutNamespace(name), value), (encrypted) => {
          const placeholder = options.placeholder(encrypted);
          secrets.add(name.replace(`${project.name}:`, ""));
          shownAs.set(placeholder, secret);
          return { secure: options.encrypt(placeholder) };
        }),
      ]);
    return {
      ...Object.fromEntries(readable),
      ...(project.config?.["protectData"] === undefined ? {} : { [key("protectData")]: "false" }),
      ...Object.fromEntries(Object.entries(options.overrides).map(([name, value]) => [key(name), value])),
      [key("namespace")]: rename("namespace", longestNamespace),
      [key("imageRepository")]: rename("imageRepository", 200),
    };
  };
  const configs = { base: base.stack === undefined ? undefined : convert(base), head: convert(head) };
  const values = (name: string): string[] =>
    [base, head].flatMap(({ project }, index) => {
      const value = (index === 0 ? configs.base : configs.head)?.[`${project.name}:${name}`];
      return isText(value) ? [value] : [];
    });
  const changes = base.stack === undefined ? [] : configChanges(base, head);
  const isBeside = [configs.base, configs.head].some((config) => isOutside(config?.[`${head.project.name}:project`]));
  const baseProject = configs.base?.[`${base.project.name}:project`];
  if (configs.base !== undefined && isOutside(baseProject)) {
    // The same folder, as the base's program finds it.
    configs.base[`${base.project.name}:project`] = path.relative(options.baseFolder, baseProject).replaceAll("\\", "/");
  }
  return {
    ...configs,
    namespaces: [...new Set(values("namespace"))],
    imageRepositories: [...new Set(values("imageRepository"))],
    shownAs,
    changes,
    notes: notes(base, head, [...secrets].sort(), isBeside),
    hidesChanges: changes.some(({ key }) => omitted.includes(key) || isElsewhere(key, base, head)),
  };
}

const withoutNamespace = (key: string): string => key.slice(key.indexOf(":") + 1);

/** What a preview has in place of a value that leads to a server of the real stack. */
function elsewhere(key: string, value: unknown): unknown {
  switch (key) {
    case "redis":
      // A placeholder would be no URL, and the real server is not the preview's.
      return isEncrypted(value) ? "namespace" : value;
    case "backup":
      return intoVolume(value);
    default:
      return value;
  }
}

/** Whether base or head has a value of a key that leads there. */
function isElsewhere(key: string, ...files: StackFiles[]): boolean {
  return files.some(({ project, stack }) => {
    const value = stack?.config?.[`${project.name}:${key}`];
    return elsewhere(key, value) !== value;
  });
}

const isEncrypted = (value: unknown): boolean => typeof value === "object" && value !== null && "secure" in value;

const isText = (value: unknown): value is string => typeof value === "string";

function withSuffix(name: string, suffix: string, longest: number): string {
  if (name.length + suffix.length <= longest) {
    return name + suffix;
  }
  // Two long names remain different.
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${name.slice(0, longest - suffix.length - digest.length)}${digest}${suffix}`;
}

function replaceSecrets(value: unknown, replace: (encrypted: string) => unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => replaceSecrets(each, replace));
  }
  const { secure } = value as { secure?: unknown };
  return typeof secure === "string"
    ? replace(secure)
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceSecrets(each, replace)]));
}

function configChanges(base: StackFiles, head: StackFiles): ConfigChange[] {
  const values = ({ project, stack }: StackFiles): Config =>
    Object.fromEntries(
      Object.entries(stack?.config ?? {}).map(([key, value]) => [key.replace(`${project.name}:`, ""), value]),
    );
  const [before, after] = [values(base), values(head)];
  const show = (key: string, value: unknown): unknown =>
    value !== undefined && secretive.test(key) ? secret : replaceSecrets(value, () => secret);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ key, before: show(key, before[key]), after: show(key, after[key]) }));
}

/** Whether a project is beside the checkout, so that its sources are not in the checkout's history. */
function isOutside(project: unknown): project is string {
  return isText(project) && path.posix.normalize(project).startsWith("..");
}

function notes(base: StackFiles, head: StackFiles, secrets: string[], isBeside: boolean): string[] {
  const isSet = (key: string): boolean =>
    [base, head].some(({ project, stack }) => stack?.config?.[`${project.name}:${key}`] !== undefined);
  return [
    ...(base.stack === undefined
      ? ["The base has no such stack, so this is everything that the stack would create."]
      : []),
    ...(secrets.length === 0
      ? []
      : [
          `${secrets.map(code).join(", ")}: the preview used placeholders, since only the stack's own backend can decrypt secrets; a secret that was set again counts as changed.`,
        ]),
    ...(isBeside
      ? ["`project`: it is beside this checkout, so the base was built from the same sources as the working tree."]
      : []),
    ...(isSet("nodePort")
      ? ["`nodePort`: Kubernetes chose another port for the preview, since a port can be used only once."]
      : []),
    ...(isSet("databaseUrl")
      ? ["`databaseUrl`: the preview used its own empty Postgres, since it must not touch the real database."]
      : []),
    ...(isElsewhere("redis", base, head)
      ? ["`redis`: the preview used its own empty server, since it must not touch the real one."]
      : []),
    ...(isElsewhere("backup", base, head)
      ? ["`backup`: the preview used a volume of its own, since it must not write to the storage of the real backups."]
      : []),
  ];
}
