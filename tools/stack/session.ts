import { createRequire } from "node:module";
import path from "node:path";

import { postgresImageOf } from "../../components/app/postgresImage";
import { rcloneImage } from "../../components/app/rcloneImage";
import { redisImage } from "../../components/app/redisImage";
import type { Builder, BuilderChoice } from "../../components/config/image";
import { backupsTo } from "../../components/config/backup";
import { type TargetName, targetNames } from "../../components/config/cluster";
import { adviseStack } from "../../components/advice";
import { Problem } from "../../components/problem";
import { askDaemon } from "../../components/targets/daemon";
import { dockerEnvironment, type Location, type Which } from "../../components/targets/location";
import { targets } from "../../components/targets/target";
import { thisHost } from "../../components/targets/host";
import { local } from "../sandbox/cluster/kinds";
import { installClusterTools, installPulumi, pluginNames } from "../sandbox/install/install";
import { chooseBackend, localFolder } from "./backend";
import { builderChoice, builderHere } from "./builder";
import { chooseStack } from "./chooseStack";
import { whichCluster } from "./kubeContext";
import { refuseOtherPassphrase } from "./passphrase";
import { refusedSettings } from "./refusedSettings";
import type { PulumiCli } from "./stack";
import { StackConfig, writeStackConfig } from "./stackConfig";
import { type Config, stackFileName } from "./stackFiles";

type ClusterModule = typeof import("../sandbox/cluster/cluster");
type EnsureImageModule = typeof import("../sandbox/images/ensureImage");

// Only the sandbox needs them.
const load = createRequire(__filename);

/** A stack, what its file says, and the cluster that it goes to. */
export interface Choice {
  stack: string;
  config: StackConfig;
  target: TargetName;
}

/** Everything that an operation on a stack needs, set up. */
export interface Session extends Choice {
  cli: PulumiCli;
}

/** How a session is opened. */
export interface SessionOptions {
  /** Whether the caller says what is wrong with a passphrase, once Pulumi has refused it. @default false */
  leavesPassphrase?: boolean;
  /** Whether the program is run, so that it matters what the program refuses. @default true */
  runsProgram?: boolean;
  /** What a command adds to the stack's config, before anything is started; keys as `writeStackConfig` takes them. @default nothing */
  more?: (choice: Choice) => Config;
}

/**
 * Chooses the stack, gets the tools, and starts the embedded cluster if that is the target; shows each step.
 *
 * @throws a `Problem` for what the program refuses, before anything is started
 */
export async function openSession(
  named: string | undefined,
  { leavesPassphrase = false, runsProgram = true, more = () => ({}) }: SessionOptions = {},
): Promise<Session> {
  const choice = await chooseTarget(named);
  const { stack, config, target } = choice;
  const refused = runsProgram ? refusedSettings(config) : undefined;
  if (refused !== undefined) {
    throw refused;
  }
  const added = more(choice);
  const backend = leavesPassphrase ? showBackend(choice) : await openBackend(choice);
  const { environment, overrides } = await prepareTarget(target, whichCluster(config), needsOf(config));
  const configFile = writeStackConfig(stack, { ...overrides, ...added });
  return { ...choice, cli: { stack, configFile, folder: localFolder, environment: { ...environment, ...backend } } };
}

/** What reads a stack's state, and needs neither its cluster nor its Docker daemon; shows where the state is. */
export async function openState(choice: Choice): Promise<PulumiCli> {
  const { stack } = choice;
  const backend = await openBackend(choice);
  const { cli } = await installPulumi();
  const environment = firstOnPath(cli.folder, { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" });
  const configFile = writeStackConfig(stack, {});
  return { stack, configFile, folder: localFolder, environment: { ...environment, ...backend } };
}

/** Says where the state is, and returns what leads to it. Throws a `Problem` when a passphrase is another one's. */
async function openBackend(choice: Choice): Promise<NodeJS.ProcessEnv> {
  const environment = showBackend(choice);
  await refuseOtherPassphrase(choice.stack, choice.config, { ...process.env, ...environment });
  return environment;
}

/** Says where the state is, and returns what leads to it. */
function showBackend({ config }: Choice): NodeJS.ProcessEnv {
  const { description, environment } = chooseBackend(process.env, localFolder, config.isEncrypted);
  console.error(description);
  return environment;
}

/** Chooses the stack and says why. Throws a `Problem` when its file names no cluster. */
export async function chooseTarget(
  named: string | undefined,
  say: (reason: string) => void = console.error,
): Promise<Choice> {
  const { stack, reason } = await chooseStack(named);
  say(reason);
  // A stack that is not there is of no help in advice.
  adviseStack("");
  const config = StackConfig.of(stack);
  adviseStack(stack);
  const { target } = config;
  if (target === undefined) {
    throw new Problem(
      `${stackFileName(stack)} sets no target that exists: allowed are ${targetNames.join(", ")}`,
      `run \`pulumi config set target ${targetNames[0]} --stack ${stack}\``,
    );
  }
  return { stack, config, target };
}

/** What a stack needs of this machine. */
export interface Needs {
  /** Images that its pods need beside its own. */
  images: string[];
  /** What its config says of the builder; undefined for what the program refuses. */
  builder: BuilderChoice | undefined;
}

export function needsOf(config: StackConfig): Needs {
  // A provider, which is no app, needs nothing.
  const apps = [config, ...config.otherNamespaces.map((name) => config.ofApp(name))];
  return { images: [...new Set(apps.flatMap(imagesOf))], builder: builderChoice(config) };
}

function imagesOf(config: StackConfig): string[] {
  const runsPostgres = config.text("database") === "postgres" && !config.has("databaseUrl");
  const backups = backupsTo(config);
  const runsRedis = config.text("redis") === "namespace";
  const needed: [isNeeded: boolean, image: string][] = [
    [runsPostgres || backups !== undefined, postgresImageOf(Number(config.text("postgresVersion")))],
    [runsRedis, redisImage],
    [backups === "s3", rcloneImage],
  ];
  return needed.flatMap(([isNeeded, image]) => (isNeeded ? [image] : []));
}

/** What the Pulumi CLI needs on this machine for a stack, wherever the state is. */
export interface Preparation {
  environment: NodeJS.ProcessEnv;
  /** Config by which this machine differs from what the stack's file says. */
  overrides: { builder?: Builder };
}

/** Gets the tools, and starts the embedded cluster, with some images, if that is the target. */
export async function prepareTarget(target: TargetName, which: Which, needs: Needs): Promise<Preparation> {
  // Where docker's plugin cannot be installed, to find that out takes a tenth of a second.
  const { cli: tool, plugins } = await installPulumi(
    pluginNames.filter((name) => name !== "docker" || needs.builder !== "docker-build"),
  );
  const base = await setUp[target](needs.images);
  const location = await targets[target].locate(which, thisHost);
  const builder = await decideBuilder(target, needs.builder, location, plugins.docker === "installed");
  // Builder docker-build takes its daemon from the environment.
  const environment = { ...dockerEnvironment(base, location), PULUMI_SKIP_UPDATE_CHECK: "true" };
  return { environment: firstOnPath(tool.folder, environment), overrides: builder === undefined ? {} : { builder } };
}

/** The builder that works here, named on the terminal where it is not the usual one; undefined for what the config says. */
async function decideBuilder(
  target: TargetName,
  choice: BuilderChoice | undefined,
  location: Location,
  hasDockerPlugin: boolean,
): Promise<Builder | undefined> {
  if (choice === undefined) {
    return undefined;
  }
  // The program asks again, and says why it does not answer.
  const facts = await askDaemon(target, location, thisHost).catch(() => undefined);
  const daemon = facts && { ...location.daemon, ...facts };
  const { builder, note } = builderHere({ choice, pulls: targets[target].pulls, daemon, hasDockerPlugin });
  if (note !== undefined) {
    console.error(note);
  }
  return choice === "auto" ? builder : undefined;
}

/** An environment with a folder at the start of PATH, which Windows calls Path. */
export function firstOnPath(folder: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const name = Object.keys(environment).find((each) => each.toUpperCase() === "PATH") ?? "PATH";
  return { ...environment, [name]: [folder, environment[name]].filter(Boolean).join(path.delimiter) };
}

/** What a target needs before the program runs: the environment of the Pulumi CLI. */
const setUp: Record<TargetName, (images: string[]) => Promise<NodeJS.ProcessEnv>> = {
  "docker-desktop": () => Promise.resolve(process.env),
  minikube: () => Promise.resolve(process.env),
  cluster: () => Promise.resolve(process.env),
  sandbox: async (images) => {
    const { clusterEnvironment, useCluster } = load("../sandbox/cluster/cluster") as ClusterModule;
    await useCluster(local);
    if (images.length > 0) {
      const { ensureImage } = load("../sandbox/images/ensureImage") as EnsureImageModule;
      for (const image of images) {
        await ensureImage(local, image);
      }
    }
    return await clusterEnvironment(local, await installClusterTools());
  },
};
