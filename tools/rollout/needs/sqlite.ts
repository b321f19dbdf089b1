import path from "node:path";

import { isWritable, writableCommand } from "./folder";
import type { ImageFacts } from "./image";
import { asDockerRuns, type Need, type Rule, set } from "./need";
import type { Run } from "./run";

/** What SQLite says of a file that it may not write; it names none. */
export const sqliteRules: readonly Rule[] = [
  [/unable to open database file|attempt to write a readonly database/, (_, { run, image }) => sqliteNeed(run, image)],
];

const ofSettings = "the folder of its file, which NAME in DATABASES names";

function sqliteNeed(run: Run, image: ImageFacts | undefined): Need {
  const named = namedFile(run);
  const folder = named?.folder ?? image?.folder;
  // Where settings say nothing else, the file is beside manage.py, and that is where most images start.
  const isGuess = folder !== undefined && folder !== "/" && !isWritable(folder, run);
  const writable = `\`${writableCommand([isGuess ? folder : "/FOLDER"], run.writablePaths)}\``;
  const byVariable =
    named === undefined ? "" : `${set(`--path env.${named.variable} '${named.prefix}$(SQLITE_PATH)'`)}, or `;
  if (run.isReadOnly) {
    return {
      detail: "SQLite cannot write its file, which is on the read-only disk",
      nextStep: `run ${byVariable}${isGuess ? `${writable}, for ${ofSettings}` : `${writable} with ${ofSettings}`}, or ${asDockerRuns}`,
    };
  }
  const userId = run.userId ?? image?.userId;
  if (userId === 0) {
    return {
      detail: "SQLite cannot open its file, whose folder the image does not have",
      nextStep: `make ${ofSettings}, in the Dockerfile`,
    };
  }
  const user = userId === undefined ? "the image's user" : `uid ${userId}`;
  const detail = `SQLite cannot write its file: ${user} may not write to the file or its folder`;
  const ownUser = run.userId === undefined ? "" : ", or `pulumi config rm runAsUser`";
  return { detail, nextStep: `run ${byVariable}${writable}${isGuess ? ", for" : " with"} ${ofSettings}${ownUser}` };
}

/** The file that a variable of the stack names, relative to nothing. */
function namedFile({ variables }: Run): { variable: string; folder: string | undefined; prefix: string } | undefined {
  for (const [variable, value = ""] of variables) {
    const [, prefix = "", file = ""] = /^(sqlite3?:\/\/\/)?(.*\.(?:sqlite3?|db))$/.exec(value) ?? [];
    if (file !== "" && variable !== "SQLITE_PATH") {
      return { variable, prefix, folder: path.posix.isAbsolute(file) ? path.posix.dirname(file) : undefined };
    }
  }
  return undefined;
}
