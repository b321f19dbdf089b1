import path from "node:path";

import { targetNames } from "../../components/config/cluster";
import { readProjectPlace } from "../../components/config/project";
import { inItsName } from "../app/onApp";
import { thisHost } from "../../components/targets/host";
import { targets } from "../../components/targets/target";
import type { BuildLog } from "../docker/buildLog";
import { DaemonWatch } from "../docker/daemonWatch";
import type { Watch } from "../pulumi/operate";
import { findExecutable } from "../sandbox/install/run";
import { contextOf, whichCluster } from "../stack/kubeContext";
import { likelyDockerfile } from "../stack/likelyDockerfile";
import { chooseTarget } from "../stack/session";
import type { PulumiCli } from "../stack/stack";
import { project, StackConfig } from "../stack/stackConfig";
import { BuildWatch, type BuiltProject } from "./buildWatch";
import { imageReader } from "./needs/image";
import { type PageOptions, type Ways, wayToPage } from "./page/wayToPage";
import { type AppRollouts, RolloutWatch } from "./watchRollouts";

/** What an update gives of what it deployed. */
export interface Deployed extends Ways {
  namespace?: string;
  deployment?: string;
  service?: string;
}

/** Whose page is waited for after an update. */
interface PageWait {
  app: string;
  /** How a user runs the update again, as the end of a sentence; empty where the next save does. */
  retry: string;
}

/** Waits for the page of an app after an update that has ended, as `wayToPage` does. */
export async function wayToDeployed(cli: PulumiCli, deployed: Deployed, wait: PageWait): Promise<string | undefined> {
  try {
    return await wayToPage(deployed, pageOptions(cli, deployed, wait));
  } catch (error) {
    throw inItsName(wait.app, error);
  }
}

function pageOptions(
  { configFile, environment }: PulumiCli,
  { url, namespace, deployment, service }: Deployed,
  { app, retry }: PageWait,
): PageOptions {
  const config = StackConfig.in(configFile).ofApp(app);
  const { target } = config;
  const isByIngress = config.text("ingressHost") !== undefined;
  const { folder } = readProjectPlace(config);
  const options = { isByIngress, retry, folder, rolloutSeconds: rolloutSeconds(config), version: undefined };
  if (target === undefined || namespace === undefined || deployment === undefined) {
    return options;
  }
  const host = url === undefined ? "localhost" : new URL(url).host;
  const askImage = imageReader(environment);
  return {
    ...options,
    version: { context: contextOf(config, target), namespace, deployment, service, host, askImage },
  };
}

/** Seconds that a stack's rollout may take. */
function rolloutSeconds(config: StackConfig): number {
  const { target } = config;
  const own = Number(config.text("rolloutTimeoutSeconds"));
  return Number.isFinite(own) && own > 0 ? own : targets[target ?? targetNames[0]].rolloutTimeoutSeconds;
}

/** The app whose namespace one is: each has its own. The first one's, where the program chose it. */
function appIn(config: StackConfig, namespace: string): string {
  return config.apps.find((app) => config.ofApp(app).text("namespace") === namespace) ?? project;
}

function rolloutsOf(config: StackConfig, app: string): AppRollouts {
  const own = config.ofApp(app);
  const { folder } = readProjectPlace(own);
  return { app, rolloutSeconds: rolloutSeconds(own), fewerReplicas: fewerReplicas(own), folder };
}

/** Replicas with which a stack serves as well; undefined where it has no more than that. */
function fewerReplicas(config: StackConfig): number | undefined {
  const { usual, least } = targets[config.target ?? targetNames[0]].replicas;
  const fewest = Math.max(1, least);
  return (Number(config.get("replicas")) || usual) > fewest ? fewest : undefined;
}

/** Finds out what the engine does not report: why an image is not built, and why a pod does not become ready. */
export function watchUpdate(
  { stack, environment, configFile }: PulumiCli,
  log: BuildLog,
  { cancel, say, retry }: { cancel: () => void; say: (line: string) => void; retry: string },
): Watch {
  const daemon = new DaemonWatch(environment);
  const hasDocker = findExecutable("docker") !== undefined;
  const config = StackConfig.in(configFile);
  const projectOf = (app: string): BuiltProject => {
    const place = readProjectPlace(config.ofApp(app));
    const { folder } = place;
    return { folder, dockerfile: path.posix.join(folder, likelyDockerfile(place)) };
  };
  const build = new BuildWatch({ daemon, log, projectOf, hasDocker, daemonHint: () => daemonHint(stack), retry });
  const rollouts = new RolloutWatch(environment, cancel, {
    appIn: (namespace) => rolloutsOf(config, appIn(config, namespace)),
    askImage: imageReader(environment),
    retry,
    say: (line) => {
      say(`  … ${line}`);
    },
  });
  return {
    onEvent: (event) => {
      build.onEvent(event);
      rollouts.onEvent(event);
    },
    stop: async (end) => {
      const [rolloutProblem, buildProblem] = await Promise.all([rollouts.stop(end), build.stop(end)]);
      return rolloutProblem ?? buildProblem;
    },
  };
}

/** What to do when the Docker daemon that a stack is built on does not answer. */
async function daemonHint(stack: string): Promise<string> {
  const { config, target } = await chooseTarget(stack, () => undefined);
  const which = whichCluster(config);
  const location = await targets[target].locate(which, thisHost).catch(() => undefined);
  return location?.daemonHint ?? targets[target].startHint(which);
}
