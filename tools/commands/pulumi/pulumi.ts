import { adviseStack } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { thisHost } from "../../../components/targets/host";
import { dockerEnvironment } from "../../../components/targets/location";
import { targets } from "../../../components/targets/target";
import { startPulumi } from "../../pulumi/cli";
import { ownName } from "../../pulumi/stacks";
import { clusterEnvironment } from "../../sandbox/cluster/cluster";
import { local } from "../../sandbox/cluster/kinds";
import { engine, pulumi as tool } from "../../sandbox/install/catalogue";
import { installClusterTools, installTool } from "../../sandbox/install/install";
import { machine } from "../../sandbox/install/obtain";
import { isPluginInstalled, pluginVersion } from "../../sandbox/install/plugins";
import { chooseBackend, localFolder } from "../../stack/backend";
import { builderChoice } from "../../stack/builder";
import { chooseStack } from "../../stack/chooseStack";
import { whichCluster } from "../../stack/kubeContext";
import { refuseOtherPassphrase } from "../../stack/passphrase";
import { firstOnPath } from "../../stack/session";
import { StackConfig, writeStackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { kindOf, stackNamed, withFlags } from "./commandKind";
import { ensureStack } from "./openConfig";

/**
 * Runs the Pulumi CLI that `npm run up` uses, with the stack's backend, passphrase and daemon, on the user's terminal, and
 * takes over its exit code. Starts no cluster.
 */
export async function pulumi(args: string[]): Promise<void> {
  const kind = kindOf(args);
  const { folder } = await installTool(tool);
  const own = (): NodeJS.ProcessEnv => firstOnPath(folder, { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" });
  if (kind === "login") {
    await run(args, own());
    return;
  }
  const named = stackNamed(args);
  if (kind === "none") {
    await run(args, { ...own(), ...chooseBackend().environment });
    return;
  }
  const stack = named ?? (await choose());
  adviseStack(stack);
  const name = ownName(stack);
  const config = StackConfig.in(stackFileName(name));
  const backend = chooseBackend(process.env, localFolder, config.isEncrypted);
  const environment = { ...own(), ...backend.environment };
  const stackFlags = named === undefined ? ["--stack", stack] : [];
  // With another one the CLI does nothing, and the file would be left with its salt.
  await refuseOtherPassphrase(name, config, environment);
  if (kind === "cluster") {
    const cluster = { ...(await clusterVariables(config, own())), ...backend.environment };
    await run(withFlags(args, ...stackFlags, ...configFlags(args, name, config)), cluster);
    return;
  }
  if (kind === "config") {
    await ensureStack(stack, environment);
  }
  await run(withFlags(args, ...stackFlags), environment);
}

async function choose(): Promise<string> {
  const { stack, reason } = await chooseStack(undefined);
  console.error(reason);
  return stack;
}

/** The config that `npm run up` uses, unless the command names another. */
function configFlags(args: readonly string[], stack: string, config: StackConfig): string[] {
  if (args.some((arg) => arg.startsWith("--config-file"))) {
    return [];
  }
  const isMissing = !isPluginInstalled("docker", pluginVersion("docker"));
  const overrides = builderChoice(config) === "auto" && isMissing ? { builder: "docker-build" } : {};
  return ["--config-file", writeStackConfig(stack, overrides)];
}

/** What leads to the stack's daemon. Where it is not found, the program says why. */
async function clusterVariables(config: StackConfig, own: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { target } = config;
  if (target === undefined) {
    return own;
  }
  const isSandboxInstalled = target === "sandbox" && machine.cached(engine) !== undefined;
  const base = isSandboxInstalled ? { ...own, ...(await sandboxVariables(own)) } : own;
  try {
    return dockerEnvironment(base, await targets[target].locate(whichCluster(config), thisHost));
  } catch (error) {
    if (error instanceof Problem) {
      return base;
    }
    throw error;
  }
}

async function sandboxVariables(own: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const environment = await clusterEnvironment(local, await installClusterTools());
  const { folder } = await installTool(tool);
  return { ...own, ...firstOnPath(folder, environment) };
}

async function run(args: string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const cli = startPulumi(args, { folder: process.cwd(), environment }, { stdio: "inherit" });
  // Ctrl-C reaches the CLI as well, which ends in its own way.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  try {
    const { exitCode, signal } = await cli;
    process.exitCode = signal === undefined ? exitCode : 1;
  } finally {
    process.off("SIGINT", ignore);
  }
}
