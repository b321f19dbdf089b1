import fs from "node:fs";
import path from "node:path";

import { settingOf } from "../../components/config/checks";
import { Problem } from "../../components/problem";
import { PassphraseKey } from "./passphraseKey";
import type { StackConfig } from "./stackConfig";
import { stackFileName } from "./stackFiles";

/**
 * Refuses a passphrase that cannot decrypt what a stack's file has, as in another checkout than the one that set it.
 *
 * @param environment what the Pulumi CLI gets
 */
export async function refuseOtherPassphrase(
  stack: string,
  config: Pick<StackConfig, "encryptionSalt" | "encryptedPaths">,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const found = readPassphrase(environment);
  const { encryptionSalt: salt, encryptedPaths: paths } = config;
  // Without one the CLI has another way to decrypt, or says that it needs one.
  if (found === undefined || salt === undefined || (await PassphraseKey.of(found.passphrase, salt)) !== undefined) {
    return;
  }
  const file = stackFileName(stack);
  const lines = ["`encryptionsalt`", ...paths.map((path) => `\`${path}\``)].join(" and ");
  const set = paths.map((path) => `\`pulumi config set --secret ${settingOf(path)} --stack ${stack}\``).join(" and ");
  throw new Problem(
    `${file} has values that another passphrase encrypted than the one in ${found.place}`,
    `set PULUMI_CONFIG_PASSPHRASE to that of whoever set them; or, without it, delete ${lines} from ${file}${set === "" ? "" : ` and run ${set}`}`,
  );
}

/** As the CLI reads it; undefined where there is none. */
function readPassphrase(environment: NodeJS.ProcessEnv): { passphrase: string; place: string } | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (passphrase !== undefined) {
    return { passphrase, place: "PULUMI_CONFIG_PASSPHRASE" };
  }
  if (!file || !fs.existsSync(file)) {
    return undefined;
  }
  return { passphrase: fs.readFileSync(file, "utf8").trim(), place: path.relative(process.cwd(), file) };
}
