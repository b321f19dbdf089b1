import fs from "node:fs";

import { adviseStack } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { appKey, type AppOfStack, appWords } from "../../app/appWords";
import { type AppOption, refuseNotInConfig } from "../../app/onApp";
import { project, StackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { alignedTable } from "../../terminal/table";
import { oneLine } from "../init/report";
import { StackFileText } from "../init/stackFile/editStackFile";
import { nameOf, type Setting } from "../init/decision/decision";
import { decodeText } from "../init/decodeText";
import { refuseUnknownKeysIn } from "../init/stackFile/refuseUnknownKeysIn";
import { unchangedSecrets } from "../init/stackFile/unchangedSecrets";
import { writeAll } from "../init/stackFile/writeAll";
import { parseDotenv } from "../init/variables/dotenv";
import type { Servers } from "../init/variables/given";
import { typedPath } from "../db/file";
import { nextUp } from "../nextUp";
import { takeOver, type TakenOver } from "./takeOver";
import { systemReason } from "../../systemReason";

export interface EnvOptions extends AppOption {
  /** The .env file. */
  from: string;
  /** Whether nothing is written. */
  dryRun?: boolean;
}

/** Takes the variables of a .env file over into the keys `env` and `secretEnv` of an app of a stack. */
export async function env(stack: string, { from, dryRun = false, app = project }: EnvOptions): Promise<void> {
  adviseStack("");
  const config = StackConfig.of(stack);
  adviseStack(stack);
  refuseNotInConfig({ stack, config }, app);
  const file = stackFileName(stack);
  const text = new StackFileText(fs.readFileSync(file, "utf8"), file, app);
  refuseUnknownKeysIn(text);
  const taken = takeOver(parseDotenv(read(from, { stack, app })), {
    from,
    file: text,
    servers: serversOf(config.ofApp(app)),
  });
  const unchanged = dryRun ? new Set() : await unchangedSecrets(stack, text, taken.secrets);
  const isSame = (secret: Setting): boolean => unchanged.has(nameOf(secret));
  taken.same.push(...taken.secrets.filter(isSame));
  taken.secrets = taken.secrets.filter((secret) => !isSame(secret));
  const table = shown(taken, app);
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
    console.log(`\nWrote ${file}.\n${nextUp(stack)}`);
  }
}

const serversOf = (config: StackConfig): Servers => ({
  database: config.text("database") === "postgres" ? "postgres" : "sqlite",
  hasRedis: config.get("redis") !== "none",
});

function read(from: string, of: AppOfStack): string {
  const help = `name one, as in \`npm run env -- ${appWords(of)} --from ../shop/.env\``;
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(placeOf(from));
  } catch (error) {
    throw new Problem(`${from} cannot be read (${systemReason(error)}): allowed is a .env file`, help);
  }
  const text = decodeText(bytes);
  if (text === undefined) {
    throw new Problem(`${from} is no text in UTF-8: allowed is a .env file`, help);
  }
  return text;
}

/** Where it was typed, or in this checkout, as advice names it: npm runs a script there. */
const placeOf = (from: string): string => (fs.existsSync(typedPath(from)) ? typedPath(from) : from);

function shown({ settings, secrets, same, notes }: TakenOver, app: string): string {
  const rows = [
    ...settings.map(({ name = "", key, value }) => [name, appKey(app, key), oneLine(value)]),
    ...secrets.map(({ name = "", key, why }) => [name, appKey(app, key), `[encrypted], by its ${why}`]),
    ...same.map(({ name = "", key }) => [name, appKey(app, key), "as it is"]),
  ];
  return [...(rows.length === 0 ? [] : [alignedTable(rows)]), ...notes].join("\n");
}
