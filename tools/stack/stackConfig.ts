import fs from "node:fs";
import path from "node:path";

import { stringify } from "yaml";

import { type TargetName, targetNames } from "../../components/config/cluster";
import { isFromStack, otherDefaults } from "../../components/config/otherApp";
import { entryPath } from "../../components/config/checks";
import { Problem } from "../../components/problem";
import type { PlainConfig } from "../../components/config/reader";
import { writeWhole } from "../wholeFile";
import { localFolder } from "./backend";
import {
  type Config,
  defaultOf,
  type ProjectFile,
  readProjectFile,
  readStackFile,
  type StackFile,
  stackFileName,
  stacksIn,
} from "./stackFiles";

/** Name of the Pulumi project. */
export const project = "kubernetes-django";

/** What a stack's file and the defaults in Pulumi.yaml say, both read once. */
export class StackConfig implements PlainConfig {
  private constructor(
    private readonly file: StackFile,
    private readonly project: ProjectFile | undefined,
    /** The stack's, and the name of another of its apps than the first, where it is the config of that one. */
    private readonly other?: { stack: StackConfig; app: string },
  ) {}

  /** Of a stack's file in the checkout. Throws a `Problem` when there is none. */
  static of(stack: string): StackConfig {
    const name = stackFileName(stack);
    const file = readStackFile(name);
    if (file === undefined) {
      throw noStackFile(stack);
    }
    return new StackConfig(file, readProjectFile());
  }

  /** Of a file wherever it is. */
  static in(file: string): StackConfig {
    return new StackConfig(readStackFile(file) ?? {}, readProjectFile());
  }

  /** What the file says of an app of the stack, as the program reads it: of another than the first, its own keys win. */
  ofApp(app: string): StackConfig {
    return app === project ? this : new StackConfig(this.file, this.project, { stack: this, app });
  }

  /** Names of the stack's apps, the first one first: each has to have a project. */
  get apps(): string[] {
    // What an environment adds may be that.
    return [project, ...this.otherNamespaces.filter((name) => this.isPartial || this.ofApp(name).has("project"))];
  }

  /** A value as `pulumi.Config` of the program has it; a list or an object is JSON. */
  get(key: string): string | undefined {
    const value = this.ownOrDefault(key);
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  }

  holdsSecret(key: string): boolean {
    return isEncrypted(this.own(key));
  }

  /** A text in the stack's file, or the default; undefined for an encrypted one, and for "", which means "not set". */
  text(key: string): string | undefined {
    return textIn(this.ownOrDefault(key));
  }

  /** Whether the stack's file sets a key, in plain text or encrypted. */
  has(key: string): boolean {
    return ![undefined, null, ""].includes(this.own(key) as string | null | undefined);
  }

  /** Undefined where the file sets none that exists. */
  get target(): TargetName | undefined {
    return targetNames.find((name) => name === this.text("target"));
  }

  /** Whether the stack's file holds what a passphrase encrypted. */
  get isEncrypted(): boolean {
    return this.encryptionSalt !== undefined;
  }

  /** Of that passphrase. */
  get encryptionSalt(): string | undefined {
    return this.file.encryptionsalt;
  }

  /** All keys that the stack's file sets, with their namespaces. */
  get keys(): string[] {
    return Object.keys(this.file.config ?? {}).map(withNamespace);
  }

  /** Namespaces of keys other than the project's: names of other apps, and providers. */
  get otherNamespaces(): string[] {
    return [...new Set(this.keys.map((key) => key.slice(0, key.indexOf(":"))))].filter((name) => name !== project);
  }

  /** Whether Pulumi Cloud adds config of an environment, which the file only names. */
  get isPartial(): boolean {
    return this.file["environment"] !== undefined;
  }

  /** Paths of what the stack's file has encrypted, as `pulumi config set` takes them; without the project's namespace. */
  get encryptedPaths(): string[] {
    const prefix = `${project}:`;
    return Object.entries(this.file.config ?? {}).flatMap(([key, value]) =>
      encryptedIn(key.startsWith(prefix) ? key.slice(prefix.length) : key, value),
    );
  }

  /** The first key that has a list or a map in place of the text that Pulumi.yaml declares, for which Pulumi refuses it. */
  get noText(): { key: string; kind: "list" | "map" } | undefined {
    const schemas = (this.project?.config ?? {}) as Record<string, { type?: unknown } | undefined>;
    const key = Object.keys(schemas).find((each) => schemas[each]?.type === "string" && !isText(this.own(each)));
    return key === undefined ? undefined : { key, kind: Array.isArray(this.own(key)) ? "list" : "map" };
  }

  /** What `text` is of a key that the file does not set. */
  defaultText(key: string): string | undefined {
    return textIn(this.default(key));
  }

  private ownOrDefault(key: string): unknown {
    if (this.other === undefined) {
      return this.own(key) ?? this.default(key);
    }
    return this.has(key) ? this.own(key) : this.default(key);
  }

  private default(key: string): unknown {
    if (this.other === undefined) {
      return defaultOf(this.project?.config?.[key]);
    }
    const { stack, app } = this.other;
    return isFromStack(key) ? stack.ownOrDefault(key) : otherDefaults(app, stack.text("namespace") ?? project)[key];
  }

  private own(key: string): unknown {
    const config = this.file.config ?? {};
    return this.other === undefined ? (config[`${project}:${key}`] ?? config[key]) : config[`${this.other.app}:${key}`];
  }
}

/** The problem of a stack without a file. */
export const noStackFile = (stack: string): Problem =>
  new Problem(
    `There is no stack "${stack}" (${stackFileName(stack)} is missing): there are ${stacksIn().join(", ")}`,
    "run `npm run up`, which chooses one for this machine",
  );

/** Also of a number or a boolean in YAML, which Pulumi takes for a text. Undefined for all else, and for "". */
function textIn(value: unknown): string | undefined {
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  return isScalar && value !== "" ? String(value) : undefined;
}

/** Pulumi takes a key without a namespace for the project's. */
const withNamespace = (key: string): string => (key.includes(":") ? key : `${project}:${key}`);

/** An encrypted text is a map of one key. */
const isText = (value: unknown): boolean => typeof value !== "object" || value === null || isSecret(value);
const isSecret = (value: object): boolean => "secure" in value && Object.keys(value).length === 1;

function encryptedIn(path: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return isSecret(value)
    ? [path]
    : Object.entries(value).flatMap(([name, each]) => encryptedIn(entryPath(path, name), each));
}

/** Whether a value of a stack's file has an encrypted part. */
const isEncrypted = (value: unknown): boolean => /"secure":/.test(JSON.stringify(value ?? null));

/**
 * Writes the stack's config as `npm run` uses it and returns the file.
 *
 * It is the stack's file in the checkout plus `overrides`; kept apart from it because Pulumi would write the
 * passphrase's salt into that file, and every checkout has a passphrase of its own.
 *
 * @param overrides keys without a namespace are the project's, as Pulumi takes them
 */
export function writeStackConfig(stack: string, overrides: Config, folder = localFolder): string {
  const own = readStackFile(stackFileName(stack)) ?? {};
  const file = path.join(folder, stackFileName(stack));
  const salt = own.encryptionsalt ?? readStackFile(file)?.encryptionsalt;
  const merged: StackFile = {
    ...own,
    config: {
      ...own.config,
      ...Object.fromEntries(Object.entries(overrides).map(([key, value]) => [withNamespace(key), value])),
    },
    ...(salt === undefined ? {} : { encryptionsalt: salt }),
  };
  fs.mkdirSync(folder, { recursive: true });
  writeWhole(path.join(folder, "Pulumi.yaml"), fs.readFileSync("Pulumi.yaml", "utf8"), 0o644);
  writeWhole(file, stringify(merged));
  return file;
}
