import path from "node:path";

import { targetNames } from "../../components/config/cluster";
import { readProjectPlace } from "../../components/config/project";
import { dockerfileIn } from "../../components/image/findDockerfile";
import { thisHost } from "../../components/targets/host";
import { targets } from "../../components/targets/target";
import { asTemporary, scratchFolder } from "../scratch";
import { BuildAhead } from "../docker/buildAhead";
import { BuildLog } from "../docker/buildLog";
import { DaemonWatch } from "../docker/daemonWatch";
import { BuildWatch } from "../rollout/buildWatch";
import { stackOutputsIn } from "../pulumi/engineEvents";
import type { LanguageHost } from "../pulumi/languageHost/languageHost";
import { imageReader } from "../rollout/needs/image";
import { type PageOptions, wayToPage } from "../rollout/page/wayToPage";
import { RolloutWatch } from "../rollout/watchRollouts";
import { currentDeployment, repair } from "../pulumi/repair/repair";
import { imageOnDaemon } from "../pulumi/state";
import { type Hold, type MakeWatch, operate, type Watch } from "../pulumi/operate";
import { findExecutable } from "../sandbox/install/run";
import { createStack, stackExists, stackOutputs } from "../pulumi/stacks";
import { provideBuildImages } from "../stack/buildImages";
import type { PulumiCli } from "../stack/stack";
import { contextOf, whichCluster } from "../stack/kubeContext";
import { chooseTarget, openSession } from "../stack/session";
import { StackConfig } from "../stack/stackConfig";

export { waitUntilServed } from "../rollout/page/url";

/**
 * From source to a served page: runs `pulumi up` and prints the URL once the page answers.
 *
 * @param host where the program runs; stopped at the end
 */
export async function up(named: string | undefined, host: LanguageHost): Promise<void> {
  try {
    const { cli } = await openSession(named);
    await provideBuildImages(cli.configFile);
    await update(cli, host);
  } finally {
    host.stop();
  }
}

/** How an update is run. */
export interface UpdateOptions {
  /** Makes the program wait for a change. @default the program runs at once */
  hold?: Hold;
  /** Whether a save runs it again. @default false: the user does */
  isWatched?: boolean;
}

/** Updates a stack and prints its URL once the page answers. */
export async function update(cli: PulumiCli, host: LanguageHost, options: UpdateOptions = {}): Promise<void> {
  const { hold, isWatched = false } = options;
  const retry = isWatched ? "" : "run `npm run up` again";
  let ahead: BuildAhead | undefined;
  try {
    if (!(await stackExists(cli))) {
      await createStack(cli);
    }
    const deployment = await currentDeployment(cli);
    const image = imageOnDaemon(deployment);
    const begin = async (): Promise<void> => {
      // The layers are built while the program runs.
      ahead = image === undefined ? undefined : new BuildAhead(cli, image);
      await host.letRun();
    };
    // If the host has ended by then, the engine reports that.
    (hold === undefined ? begin() : hold.until.then(begin)).catch(() => undefined);
    const flags = await repair(cli, deployment);
    flags.push("--client", await host.address());
    await host.setEnvironment({ ...cli.environment, ...asTemporary(scratchFolder()) });
    const log = new BuildLog(cli.environment);
    const engine = { ...cli, environment: log.environment };
    const watch: MakeWatch = (cancel, say) => watchUpdate(cli, log, { cancel, say, retry });
    // A preview would run the program once more, and only a user could act on it.
    const events = await operate(engine, "up", ["--skip-preview", ...flags], watch, hold);
    // To ask Pulumi for them takes a quarter of the time of an `up` without changes.
    const outputs = stackOutputsIn(events) ?? (await stackOutputs(cli));
    const way = await wayToPage(outputs, pageOptions(cli, outputs, retry));
    if (way !== undefined) {
      console.error();
      console.log(way);
    }
  } finally {
    ahead?.stop();
  }
}

function pageOptions(
  { configFile, environment }: PulumiCli,
  { url, namespace, deployment }: { url?: string; namespace?: string; deployment?: string },
  retry: string,
): PageOptions {
  const config = StackConfig.in(configFile);
  const { target } = config;
  const isByIngress = config.text("ingressHost") !== undefined;
  const { folder } = readProjectPlace(config);
  const options = { isByIngress, retry, folder, rolloutSeconds: rolloutSeconds(config), version: undefined };
  if (target === undefined || namespace === undefined || deployment === undefined) {
    return options;
  }
  const host = url === undefined ? "localhost" : new URL(url).host;
  const askImage = imageReader(environment);
  return { ...options, version: { context: contextOf(config, target), namespace, deployment, host, askImage } };
}

/** Seconds that a stack's rollout may take. */
function rolloutSeconds(config: StackConfig): number {
  const { target } = config;
  const own = Number(config.text("rolloutTimeoutSeconds"));
  return Number.isFinite(own) && own > 0 ? own : targets[target ?? targetNames[0]].rolloutTimeoutSeconds;
}

/** Replicas with which a stack serves as well; undefined where it has no more than that. */
function fewerReplicas(config: StackConfig): number | undefined {
  const { usual, least } = targets[config.target ?? targetNames[0]].replicas;
  const fewest = Math.max(1, least);
  return (Number(config.get("replicas")) || usual) > fewest ? fewest : undefined;
}

/** Finds out what the engine does not report: why an image is not built, and why a pod does not become ready. */
function watchUpdate(
  { stack, environment, configFile }: PulumiCli,
  log: BuildLog,
  { cancel, say, retry }: { cancel: () => void; say: (line: string) => void; retry: string },
): Watch {
  const daemon = new DaemonWatch(environment);
  const hasDocker = findExecutable("docker") !== undefined;
  const config = StackConfig.in(configFile);
  const place = readProjectPlace(config);
  const { folder } = place;
  const project = { folder, dockerfile: path.posix.join(folder, dockerfileIn(place)) };
  const build = new BuildWatch({ daemon, log, project, hasDocker, daemonHint: () => daemonHint(stack), retry });
  const rollouts = new RolloutWatch(environment, cancel, {
    rolloutSeconds: rolloutSeconds(config),
    fewerReplicas: fewerReplicas(config),
    askImage: imageReader(environment),
    folder,
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
