import fs from "node:fs";

import { dockerfileOf, projectFolder } from "../../components/image/buildContext";
import { Problem } from "../../components/problem";
import { thisHost } from "../../components/targets/host";
import { targets } from "../../components/targets/target";
import { step } from "../terminal/progress";
import { until } from "../waiting";
import { BuildAhead } from "../docker/buildAhead";
import { BuildLog } from "../docker/buildLog";
import { DaemonWatch } from "../docker/daemonWatch";
import { BuildWatch } from "../rollout/buildWatch";
import { stackOutputsIn } from "../pulumi/engineEvents";
import type { LanguageHost } from "../pulumi/languageHost/languageHost";
import { RolloutWatch } from "../rollout/watchRollouts";
import { currentDeployment, repair } from "../pulumi/repair/repair";
import { imageOnDaemon } from "../pulumi/state";
import { type Hold, operate, type Watch } from "../pulumi/operate";
import { createStack, stackExists, stackOutputs } from "../pulumi/stacks";
import type { PulumiCli } from "../stack/stack";
import { whichCluster } from "../stack/kubeContext";
import { chooseTarget, openSession } from "../stack/session";

/**
 * From source to a served page: runs `pulumi up` and prints the URL once the page answers.
 *
 * @param host where the program runs; stopped at the end
 */
export async function up(named: string | undefined, host: LanguageHost): Promise<void> {
  try {
    const { cli } = await openSession(named);
    await update(cli, host);
  } finally {
    host.stop();
  }
}

/**
 * Updates a stack and prints its URL once the page answers.
 *
 * @param hold makes the program wait for a change. @default the program runs at once
 */
export async function update(cli: PulumiCli, host: LanguageHost, hold?: Hold): Promise<void> {
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
    await host.setEnvironment(cli.environment);
    const log = new BuildLog(cli.environment);
    const engine = { ...cli, environment: log.environment };
    const watch = (cancel: () => void): Watch => watchUpdate(cli, log, cancel);
    // A preview would run the program once more, and only a user could act on it.
    const events = await operate(engine, "up", ["--skip-preview", ...flags], watch, hold);
    // To ask Pulumi for them takes a quarter of the time of an `up` without changes.
    const outputs = stackOutputsIn(events) ?? (await stackOutputs(cli));
    const way = await wayToPage(outputs);
    console.error();
    console.log(way);
  } finally {
    ahead?.stop();
  }
}

/** What the user gets in the end: the URL if the page answers there, else the command that opens a way to the page. */
export async function wayToPage(
  { url, openCommand }: { url?: string; openCommand?: string },
  servedWithinSeconds?: number,
): Promise<string> {
  const byCommand = `No port of this cluster is reached from this machine; this opens a way and says where to:\n${openCommand ?? ""}`;
  if (url === undefined) {
    return byCommand;
  }
  try {
    await step(`GET ${url}`, async (progress) => {
      progress.detail(await waitUntilServed(url, servedWithinSeconds));
    });
    return url;
  } catch (error) {
    if (openCommand === undefined) {
      throw error;
    }
    return byCommand;
  }
}

/** Finds out what the engine does not report: why an image is not built, and why a pod does not become ready. */
function watchUpdate({ stack, environment }: PulumiCli, log: BuildLog, cancel: () => void): Watch {
  const daemon = new DaemonWatch(environment);
  const dockerfile = (): string => fs.readFileSync(dockerfileOf(projectFolder), "utf8");
  const build = new BuildWatch({ daemon, log, dockerfile, daemonHint: () => daemonHint(stack) });
  const rollouts = new RolloutWatch(environment, cancel);
  return {
    onEvent: (event) => {
      build.onEvent(event);
      rollouts.onEvent(event);
    },
    stop: async (failed) => {
      const [rolloutProblem, buildProblem] = await Promise.all([rollouts.stop(failed), build.stop()]);
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

/**
 * GETs the page until it answers 200: kube-proxy learns of new pods up to a second after the rollout.
 *
 * @returns the status and the page's title
 * @throws a `Problem` when it does not within `servedWithinSeconds`
 */
export async function waitUntilServed(url: string, servedWithinSeconds = 20): Promise<string> {
  return await until((deadline) => getPage(url, deadline), {
    seconds: servedWithinSeconds,
    late: ({ message }) =>
      new Problem(
        `${url} did not answer 200 within ${servedWithinSeconds} s (${message})`,
        "run `pulumi config set urlHost HOST` if the cluster is reached at another host",
      ),
  });
}

async function getPage(url: string, deadline: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(5000)]);
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw new Error((cause as NodeJS.ErrnoException | undefined)?.code ?? message);
  });
  const body = await response.text();
  if (response.status !== 200) {
    throw new Error(`it answers ${response.status} ${response.statusText}`);
  }
  return `200 ${/<title>([^<]*)<\/title>/.exec(body)?.[1]?.trim() ?? ""}`.trim();
}
