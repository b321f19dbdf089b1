import type { PulumiCall } from "../../pulumi/cli";
import { createStack, stackExists } from "../../pulumi/stacks";
import { pulumi as tool } from "../../sandbox/install/catalogue";
import { installTool } from "../../sandbox/install/install";
import { chooseBackend, localFolder } from "../../stack/backend";
import { refuseOtherPassphrase } from "../../stack/passphrase";
import { firstOnPath } from "../../stack/session";
import { StackConfig, writeStackConfig } from "../../stack/stackConfig";

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

/** The CLI sets no config of a stack that the backend does not have. */
export async function ensureStack(stack: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const name = stack.split("/").at(-1) ?? stack;
  const configFile = writeStackConfig(name, {});
  const cli = { stack, configFile, folder: localFolder, environment };
  if (!(await stackExists(cli))) {
    await createStack(cli);
  }
}
