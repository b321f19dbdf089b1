import fs from "node:fs";

import { refuseUnknownKeys } from "../../../components/config/knownKeys";
import { adviseStack } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { project, StackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { alignedTable } from "../../terminal/table";
import { oneLine } from "../init/report";
import { StackFileText } from "../init/stackFile/editStackFile";
import { nameOf, type Setting } from "../init/decision/decision";
import { decodeText } from "../init/decodeText";
import { unchangedSecrets } from "../init/stackFile/unchangedSecrets";
import { writeAll } from "../init/stackFile/writeAll";
import { parseDotenv } from "../init/variables/dotenv";
import type { Servers } from "../init/variables/given";
import { takeOver, type TakenOver } from "./takeOver";

export interface EnvOptions {
  /** The .env file. */
  from: string;
  /** Whether nothing is written. */
  dryRun?: boolean;
}

/** Takes the variables of a .env file over into the keys `env` and `secretEnv` of a stack. */
export async function env(stack: string, { from, dryRun = false }: EnvOptions): Promise<void> {
  adviseStack("");
  const config = StackConfig.of(stack);
  adviseStack(stack);
  const file = stackFileName(stack);
  const text = new StackFileText(fs.readFileSync(file, "utf8"), file);
  refuseUnknownKeys(project, text.keys);
  const servers: Servers = {
    database: config.text("database") === "postgres" ? "postgres" : "sqlite",
    hasRedis: config.get("redis") !== "none",
  };
  const taken = takeOver(parseDotenv(read(from)), { from, file: text, servers });
  const unchanged = dryRun ? new Set() : await unchangedSecrets(stack, text, taken.secrets);
  const isSame = (secret: Setting): boolean => unchanged.has(nameOf(secret));
  taken.same.push(...taken.secrets.filter(isSame));
  taken.secrets = taken.secrets.filter((secret) => !isSame(secret));
  const table = shown(taken);
  if (table !== "") {
    console.log(table);
  }
  const { settings, secrets, removed } = taken;
  if (settings.length + secrets.length + taken.same.length === 0) {
    console.log(`${from} sets no variable, and nothing is written.`);
  } else if (settings.length + secrets.length + removed.length === 0) {
    console.log(`\nNothing to write: ${file} says all of this already.`);
  } else if (dryRun) {
    console.log(`\nNothing was written. Without --dry-run, ${file} would be.`);
  } else {
    await writeAll({ stack, text, settings, secrets, removed });
    console.log(`\nWrote ${file}.\nNext: npm run up -- ${stack}`);
  }
}

function read(from: string): string {
  const help = "name one, as in `npm run env -- sandbox --from ../shop/.env`";
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(from);
  } catch (error) {
    throw new Problem(
      `${from} cannot be read (${(error as Error).message.split(",")[0] ?? ""}): allowed is a .env file`,
      help,
    );
  }
  const text = decodeText(bytes);
  if (text === undefined) {
    throw new Problem(`${from} is no text in UTF-8: allowed is a .env file`, help);
  }
  return text;
}

function shown({ settings, secrets, same, notes }: TakenOver): string {
  const rows = [
    ...settings.map(({ name = "", value }) => [name, "env", oneLine(value)]),
    ...secrets.map(({ name = "", why }) => [name, "secretEnv", `[encrypted], by its ${why}`]),
    ...same.map(({ name = "", key }) => [name, key, "as it is"]),
  ];
  return [...(rows.length === 0 ? [] : [alignedTable(rows)]), ...notes].join("\n");
}
