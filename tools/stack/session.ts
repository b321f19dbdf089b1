import path from "node:path";

import type { Builder } from "../../components/config/image";
import { type TargetName, targetNames } from "../../components/config/cluster";
import { Problem } from "../../components/problem";
import { dockerVariables, type Which } from "../../components/targets/location";
import { targets } from "../../components/targets/target";
import { thisHost } from "../../components/targets/host";
import { type BaseImage, databaseImage } from "../sandbox/images/baseImage";
import { clusterEnvironment, useCluster } from "../sandbox/cluster/cluster";
import { ensureImage } from "../sandbox/images/ensureImage";
import { local } from "../sandbox/cluster/kinds";
import { installClusterTools, installPulumi } from "../sandbox/install/install";
import { chooseBackend, localFolder } from "./backend";
import { chooseStack } from "./chooseStack";
import { whichCluster } from "./kubeContext";
import type { PulumiCli } from "./stack";
import { StackConfig, writeStackConfig } from "./stackConfig";
import { stackFileName } from "./stackFiles";

/** A stack, what its file says, and the cluster that it goes to. */
export interface Choice {
  stack: string;
  config: StackConfig;
  target: TargetName;
}

/** Everything that an operation on a stack needs, set up. */
export interface Session extends Choice {
  cli: PulumiCli;
  /** Whether the cluster was deleted, and with it everything of the stack. */
  isGone: boolean;
}

/** Chooses the stack, gets the tools, and starts the embedded cluster if that is the target; shows each step. */
export async function openSession(named: string | undefined, prepare = prepareTarget): Promise<Session> {
  const choice = await chooseTarget(named);
  const { stack, config, target } = choice;
  const backend = chooseBackend(process.env, localFolder, config.isEncrypted);
  console.error(backend.description);
  const { environment, overrides, isGone = false } = await prepare(target, whichCluster(config), imagesBeside(config));
  const configFile = writeStackConfig(stack, overrides);
  return {
    ...choice,
    cli: { stack, configFile, folder: localFolder, environment: { ...environment, ...backend.environment } },
    isGone,
  };
}

/** Chooses the stack and says why. Throws a `Problem` when its file names no cluster. */
export async function chooseTarget(
  named: string | undefined,
  say: (reason: string) => void = console.error,
): Promise<Choice> {
  const { stack, reason } = await chooseStack(named);
  say(reason);
  const config = StackConfig.of(stack);
  const { target } = config;
  if (target === undefined) {
    throw new Problem(
      `${stackFileName(stack)} sets no target that exists: allowed are ${targetNames.join(", ")}`,
      `run \`pulumi config set target ${targetNames[0]} --stack ${stack}\``,
    );
  }
  return { stack, config, target };
}

/** Images that a stack's pods need beside its own. */
export function imagesBeside(config: StackConfig): BaseImage[] {
  const runsPostgres = config.text("database") === "postgres" && !config.has("databaseUrl");
  return runsPostgres ? [databaseImage] : [];
}

/** What the Pulumi CLI needs on this machine for a stack, wherever the state is. */
export interface Preparation {
  environment: NodeJS.ProcessEnv;
  /** Config by which this machine differs from what the stack's file says. */
  overrides: { builder?: Builder };
  /** Whether the cluster was deleted; absent for no. */
  isGone?: boolean;
}

/** Gets the tools, and starts the embedded cluster, with some images, if that is the target. */
export async function prepareTarget(target: TargetName, which: Which, images: BaseImage[]): Promise<Preparation> {
  const { cli: tool, plugins } = await installPulumi();
  const overrides: Preparation["overrides"] = {};
  if (target === "sandbox" && plugins.docker !== "installed") {
    overrides.builder = "docker-build";
    console.error(`Builder docker-build instead of docker: ${plugins.docker.unavailable}`);
  }
  const base = await setUp[target](images);
  const location = await targets[target].locate(which, thisHost);
  // Builder docker-build takes its daemon from the environment.
  const environment = { ...base, ...dockerVariables(location), PULUMI_SKIP_UPDATE_CHECK: "true" };
  return { environment: firstOnPath(tool.folder, environment), overrides };
}

/** As `prepareTarget`, for a target that may have been deleted: then Pulumi clears the state without the cluster. */
export async function prepareTargetOrItsAbsence(
  target: TargetName,
  which: Which,
  images: BaseImage[],
): Promise<Preparation> {
  if (!(await targets[target].isGone?.(which, thisHost))) {
    return await prepareTarget(target, which, images);
  }
  console.error(
    `Kube context ${targets[target].kubeContext(which)} was deleted, and with it everything of the stack: only its state is cleared`,
  );
  const { cli } = await installPulumi();
  const environment = { ...process.env, PULUMI_K8S_DELETE_UNREACHABLE: "true" };
  return { environment: firstOnPath(cli.folder, environment), overrides: {}, isGone: true };
}

/** An environment with a folder at the start of PATH, which Windows calls Path. */
export function firstOnPath(folder: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const name = Object.keys(environment).find((each) => each.toUpperCase() === "PATH") ?? "PATH";
  return { ...environment, [name]: [folder, environment[name]].filter(Boolean).join(path.delimiter) };
}

/** What a target needs before the program runs: the environment of the Pulumi CLI. */
const setUp: Record<TargetName, (images: BaseImage[]) => Promise<NodeJS.ProcessEnv>> = {
  "docker-desktop": () => Promise.resolve(process.env),
  minikube: () => Promise.resolve(process.env),
  cluster: () => Promise.resolve(process.env),
  sandbox: async (images) => {
    await useCluster(local);
    for (const image of images) {
      await ensureImage(local, image);
    }
    return await clusterEnvironment(local, await installClusterTools());
  },
};
