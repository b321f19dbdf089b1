import { isTooLong, tooLong, variableName } from "../../../components/config/variableName";
import { Problem } from "../../../components/problem";
import type { Setting } from "../init/decision/decision";
import type { StackFileText } from "../init/stackFile/editStackFile";
import { type Dotenv, valuesOf } from "../init/variables/dotenv";
import { isGiven, type Servers, variable } from "../init/variables/given";
import { isPlaceholder, secretBy } from "../init/variables/secrets";

/** What becomes of the variables of a .env file. */
export interface TakenOver {
  settings: Setting[];
  secrets: (Setting & { why: string })[];
  /** Entries of `env` that become secrets. */
  removed: Pick<Setting, "key" | "name">[];
  /** Those that are in the stack's file so. */
  same: Setting[];
  /** One line each. */
  notes: string[];
}

export interface TakeOverOptions {
  /** The .env file, for messages. */
  from: string;
  file: Pick<StackFileText, "current">;
  servers: Servers;
}

/**
 * Tells the variables of a .env file apart: those that may be read, and secrets, by their names or their values. What is
 * encrypted in the stack's file stays so.
 *
 * @throws a `Problem` for names that the program refuses, and for values that no process can be given
 */
export function takeOver(dotenv: Dotenv, { from, file, servers }: TakeOverOptions): TakenOver {
  const wrong = dotenv.entries.filter(({ name }) => !variableName.test(name));
  if (wrong.length > 0) {
    throw new Problem(
      `${from} has ${wrong.map(({ name, line }) => `"${name}" (line ${line})`).join(", ")}: allowed are names of letters, digits and _ that do not begin with a digit`,
      "rename or remove them, and run the command again",
    );
  }
  const values = valuesOf(dotenv);
  const long = [...values].filter(([name, value]) => isTooLong(name, value));
  if (long.length > 0) {
    throw new Problem(`${from}: ${tooLong(long)}`, "put it into a file of the image, and run the command without it");
  }
  const taken: TakenOver = { settings: [], secrets: [], removed: [], same: [], notes: [] };
  for (const [name, value] of values) {
    const isEncrypted = file.current({ key: "secretEnv", name }) !== undefined;
    const why =
      secretBy(name, value) ??
      (isEncrypted ? "entry in secretEnv" : undefined) ??
      (isLostInPlainText(value) ? "leading blanks, which Pulumi would lose" : undefined);
    const plain = file.current({ key: "env", name });
    const setting = variable(name, value, from);
    if (why !== undefined) {
      taken.secrets.push({ key: "secretEnv", name, value, where: from, why });
      taken.removed.push(...(plain === undefined ? [] : [{ key: "env", name }]));
    } else if (plain === setting.value) {
      taken.same.push(setting);
    } else {
      taken.settings.push(setting);
    }
  }
  taken.notes.push(...notesOf(dotenv, values, { from, servers }));
  return taken;
}

/** Pulumi writes a text of several lines again before it reads it, and then lacks its first blanks, or refuses the file. */
const isLostInPlainText = (value: string): boolean => /^\s/.test(value) && value.includes("\n");

function notesOf(
  { entries, unreadable }: Dotenv,
  values: ReadonlyMap<string, string>,
  { from, servers }: Pick<TakeOverOptions, "from" | "servers">,
): string[] {
  const names = [...values.keys()];
  const given = names.filter((name) => isGiven(name, servers));
  const empty = [...new Set(entries.map(({ name }) => name))].filter((name) => !values.has(name));
  const examples = names.filter((name) => {
    const value = values.get(name) ?? "";
    return secretBy(name, value) !== undefined && isPlaceholder(value, true);
  });
  return [
    ...list(given, "The program gives these by itself, and the values of the file win"),
    ...list(empty, "Without a value, and left out"),
    ...list(examples, "These look like examples rather than secrets"),
    ...list(
      unreadable.map((line) => `${from}:${line}`),
      "Not understood, and left out",
    ),
  ];
}

const list = (names: string[], text: string): string[] => (names.length === 0 ? [] : [`${text}: ${names.join(", ")}`]);
