import { Document, isMap, isScalar, parseDocument, Scalar, Schema } from "yaml";

import { Problem } from "../../../../components/problem";
import { appKey } from "../../../app/appWords";
import { project } from "../../../stack/stackConfig";
import type { Setting } from "../decision/decision";

/** A setting without its value. */
type SettingPath = Pick<Setting, "key" | "name" | "field">;

/** What is to stand in a stack's file. */
export interface Edit {
  settings: readonly Setting[];
  /** Variables that are encrypted, with what stands in the file for them. */
  secrets: readonly (Setting & { encrypted: string })[];
  /** Keys that are taken out. */
  removed: readonly SettingPath[];
  /** Salt of the passphrase that encrypted them; undefined for what the file has. */
  salt?: string | undefined;
}

/** Keys whose entries are set one by one: something else in their place would be lost. */
const maps = ["env", "secretEnv", "buildArgs", "processes", "schedules", "media"];
const isMapOrNothing = (node: unknown): boolean =>
  node === undefined || isMap(node) || (isScalar(node) && (node.value === null || node.value === ""));

/** A stack's file, for looking and for changing; comments and other keys stay. */
export class StackFileText {
  private readonly document: Document;

  /**
   * @param app whose keys are looked at and changed
   * @throws a `Problem` for a file that is no YAML, or that has something else for a map
   */
  constructor(
    private readonly text: string,
    file: string,
    readonly app = project,
  ) {
    const document = parseDocument(text);
    const [error] = document.errors;
    const config: unknown = error === undefined ? document.get("config") : undefined;
    if (error !== undefined || !(config === undefined || config === null || isMap(config) || isScalar(config))) {
      throw new Problem(
        `${file} is no stack's file: ${error?.message.split("\n")[0]?.replace(/:$/, "") ?? "config is no map"}`,
        "correct it, or run `git checkout` for the file to get an earlier one back",
      );
    }
    this.document = document;
    const wrong = maps.find((key) => !isMapOrNothing(document.getIn(this.pathOf({ key }), true)));
    if (wrong !== undefined) {
      const key = appKey(app, wrong);
      throw new Problem(
        `Config key "${key}" in ${file} is no map of names to texts that stands there itself`,
        `write each of its names on a line of its own below it, or run \`pulumi config rm ${key}\``,
      );
    }
  }

  /** Names of all keys that the file sets, with their namespaces. */
  get keys(): string[] {
    const config: unknown = this.document.get("config");
    return isMap(config) ? config.items.map(({ key }) => textOf(key)) : [];
  }

  /** What a setting is now, as a text; undefined where it is not set, and "[secret]" for an encrypted one. */
  current(setting: SettingPath): string | undefined {
    const value: unknown = this.document.getIn(this.pathOf(setting));
    if (isMap(value)) {
      return value.has("secure") ? "[secret]" : undefined;
    }
    return value === undefined || value === null ? undefined : textOf(value);
  }

  /** Names of the entries of a map. */
  names(key: string): string[] {
    const value: unknown = this.document.getIn(this.pathOf({ key }));
    return isMap(value) ? value.items.map((item) => textOf(item.key)) : [];
  }

  /** The file's text after a change; the same text where nothing changes. */
  edited({ settings, secrets, removed, salt }: Edit): string {
    if (settings.length + secrets.length + removed.length === 0) {
      return this.text;
    }
    const document = parseDocument(this.text === "" ? "config: {}\n" : this.text);
    if (!isMap(document.get("config"))) {
      document.set("config", document.createNode({}));
    }
    for (const each of removed) {
      document.deleteIn(this.pathOf(each));
    }
    for (const setting of settings) {
      put(document, this.pathOf(setting), setting.field === undefined ? setting.value : fieldOf(setting.value));
    }
    for (const { encrypted, ...setting } of secrets) {
      put(document, this.pathOf(setting), { secure: encrypted });
    }
    if (salt !== undefined) {
      document.set("encryptionsalt", salt);
    }
    const config = document.get("config");
    if (isMap(config)) {
      // `config: {}` on one line would keep what is added there.
      config.flow = false;
    }
    return document.toString({ lineWidth: 0 }).replace(unprintable, escaped);
  }

  /** Where a setting stands; a name with dots is one entry. */
  private pathOf({ key, name, field }: SettingPath): string[] {
    return ["config", `${this.app}:${key}`, ...[name, field].filter((part) => part !== undefined)];
  }
}

/** A field of an entry is a number or a boolean where it looks like one. */
function fieldOf(text: string): string | number | boolean {
  return /^(0|[1-9][0-9]{0,8})$/.test(text)
    ? Number(text)
    : text === "true" || text === "false"
      ? text === "true"
      : text;
}

function put(document: Document, path: string[], value: unknown): void {
  const [above, last] = [path.slice(0, -1), path.at(-1) ?? ""];
  for (let length = 2; length < path.length; length++) {
    const part = path.slice(0, length);
    const node: unknown = document.getIn(part);
    if (isMap(node)) {
      node.flow = false;
    } else {
      document.setIn(part, document.createNode({}));
    }
  }
  const map: unknown = document.getIn(above);
  const current: unknown = document.getIn(path, true);
  if (isScalar(current) && typeof value === "string") {
    // The comment beside it stays.
    const { type = Scalar.PLAIN } = scalarOf(value);
    Object.assign(current, { value, type });
    delete current.source;
    return;
  }
  if (isMap(map)) {
    map.flow = false;
    map.set(last, typeof value === "string" ? scalarOf(value) : document.createNode(value));
  }
}

/** What YAML 1.1 takes for a date or a number, in Pulumi's parser, too: `2024-06-20` would reach a process as a time. */
const notTexts = new Schema({ schema: "yaml-1.1" }).tags.flatMap((tag) => ("test" in tag && tag.test) || []);

/** Control characters, and what a parser may take for a line's end. */
const needsQuotes = /[^\P{Cc}\n\t]|[\u2028\u2029]/u;

/** Those that the writer leaves as they are in quotes, and Pulumi's parser refuses or replaces. */
const unprintable = /[\x7f-\x9f\u2028\u2029]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text, in quotes where a parser would read something else. */
function scalarOf(value: string): Scalar<string> {
  const scalar = new Scalar(value);
  if (needsQuotes.test(value) || notTexts.some((form) => form.test(value))) {
    scalar.type = Scalar.QUOTE_DOUBLE;
  }
  return scalar;
}

/** A key or a plain value as it is written; a list as JSON. */
function textOf(value: unknown): string {
  const plain = isScalar(value) ? value.value : value;
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}
