import fs from "node:fs";

import { adviseStack } from "../../../components/advice";
import type { PulumiCall } from "../../pulumi/cli";
import { createStack, ownName, stackExists, stackNames } from "../../pulumi/stacks";
import { pulumi as tool } from "../../sandbox/install/catalogue";
import { installTool } from "../../sandbox/install/install";
import { chooseBackend, localFolder } from "../../stack/backend";
import { refuseOtherPassphrase } from "../../stack/passphrase";
import { firstOnPath } from "../../stack/session";
import { noStackFile, StackConfig, writeStackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";

/**
 * Prepares the commands `pulumi config` of a stack: the CLI, the stack's backend and passphrase, and the stack in it.
 *
 * @throws a `Problem` when the passphrase is another one than the stack's file was encrypted with
 */
export async function openConfig(stack: string): Promise<PulumiCall> {
  const config = StackConfig.of(stack);
  const { folder } = await installTool(tool);
  const { description, environment: backend } = chooseBackend(process.env, localFolder, config.isEncrypted);
  console.error(description);
  const environment = { ...firstOnPath(folder, { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" }), ...backend };
  await refuseOtherPassphrase(stack, config, environment);
  await ensureStack(stack, environment);
  return { folder: process.cwd(), environment };
}

/**
 * The CLI sets no config of a stack that the backend does not have.
 *
 * @throws a `Problem` for a stack that is neither there nor has a file: its name is a slip
 */
export async function ensureStack(stack: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const name = ownName(stack);
  const isFound = fs.existsSync(stackFileName(name));
  if (!isFound && !(await stackNames({ folder: process.cwd(), environment })).includes(name)) {
    // A stack that is not there is of no help in advice.
    adviseStack("");
    throw noStackFile(name);
  }
  const cli = { stack: name, configFile: writeStackConfig(name, {}), folder: localFolder, environment };
  if (!(await stackExists(cli))) {
    await createStack({ ...cli, stack });
  }
}
