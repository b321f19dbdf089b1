import fs from "node:fs";
import path from "node:path";

import { connectScript } from "../../../components/app/postgresClient";
import { dataFolder } from "../../../components/app/environment";

/** What a database is kept in. */
export type DatabaseKind = "postgres" | "sqlite";

/** What is done with one: looked at, dumped to standard output, replaced by what is on standard input. */
export type DatabaseTask = "look" | "dump" | "restore" | "remove_old";

/** The command that does it in a pod. */
export function databaseScript(kind: DatabaseKind, task: DatabaseTask): string[] {
  return kind === "postgres"
    ? ["/bin/sh", "-c", connectScript + read(`${task}.sh`), task]
    : ["python", "-c", read(`sqlite_${task}.py`), dataFolder];
}

/** The command that copies a folder of uploads out of a pod, or replaces it. */
export const mediaScript = (task: "look" | "dump" | "restore", folder: string): string[] => [
  "python",
  "-c",
  read(`media_${task}.py`),
  folder,
];

/** The command that copies a database to a newer server's folder. */
export const upgradeScript = (folder: string): string[] => ["/bin/sh", "-c", read("upgrade.sh"), "upgrade", folder];

/** The command that removes what it left when it was ended. */
export const discardScript = (folder: string): string[] => [
  "/bin/sh",
  "-c",
  'pg_ctl stop --pgdata="$1/data" --mode=immediate --silent; rm -rf "$1"',
  "discard",
  `${folder}.partial`,
];

const read = (name: string): string => fs.readFileSync(path.join(__dirname, "pod", name), "utf8");
