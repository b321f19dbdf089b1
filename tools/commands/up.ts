import fs from "node:fs";
import path from "node:path";

import retry from "async-retry";

import { projectFolder } from "../../components/image/buildContext";
import { Problem } from "../../components/problem";
import { thisHost } from "../../components/targets/host";
import { targets } from "../../components/targets/target";
import { step } from "../terminal/progress";
import { BuildAhead } from "../docker/buildAhead";
import { BuildLog } from "../docker/buildLog";
import { DaemonWatch } from "../docker/daemonWatch";
import { BuildWatch } from "../rollout/buildWatch";
import { stackOutputsIn } from "../pulumi/engineEvents";
import type { LanguageHost } from "../pulumi/languageHost/languageHost";
import { RolloutWatch } from "../rollout/watchRollouts";
import { currentDeployment, repair } from "../pulumi/repair/repair";
import { imageOnDaemon } from "../pulumi/state";
import { createStack, type Hold, operate, stackExists, stackOutputs, type Watch } from "../pulumi/pulumi";
import type { PulumiCli } from "../stack/stack";
import { chooseTarget, openSession, whichCluster } from "../stack/session";

/**
 * From source to a served page: runs `pulumi up` and prints the URL after it answered.
 *
 * @param host where the program runs; it is ended with this
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
 * Updates a stack and prints its URL after it answered.
 *
 * @param hold makes the program wait before it reads the sources; by default it does not
 */
export async function update(cli: PulumiCli, host: LanguageHost, hold?: Hold): Promise<void> {
  let ahead: BuildAhead | undefined;
  try {
    if (!(await stackExists(cli))) {
      await createStack(cli);
    }
    const deployment = await currentDeployment(cli);
    const image = imageOnDaemon(deployment);
    // All of the rest goes on beside it; one that is held is ready to build.
    ahead = image === undefined || hold !== undefined ? undefined : new BuildAhead(cli, image);
    const flags = await repair(cli, deployment);
    flags.push("--client", await host.address());
    await host.letRun(cli.environment);
    // Of a host that has ended since, the engine tells.
    Promise.resolve(hold?.until)
      .then(() => host.letRead())
      .catch(() => undefined);
    // A preview before it would run the program twice, and there is nobody to ask.
    const log = new BuildLog(cli.environment);
    const engine = { ...cli, environment: log.environment };
    const watch = (cancel: () => void): Watch => lookOn(cli, log, cancel);
    const events = await operate(engine, "up", ["--skip-preview", ...flags], watch, hold);
    // Asking for them takes as long as a quarter of an `up` without changes.
    const outputs = stackOutputsIn(events) ?? (await stackOutputs(cli));
    console.log(`\n${await wayToPage(outputs)}`);
  } finally {
    ahead?.stop();
  }
}

/** What the user is told in the end: the URL if it answers, else the command that opens a way to the page. */
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

/** Looks on for what the engine cannot say itself: why an image is not built, and why a pod does not become ready. */
function lookOn({ stack, environment }: PulumiCli, log: BuildLog, cancel: () => void): Watch {
  const daemon = new DaemonWatch(environment);
  const dockerfile = (): string => fs.readFileSync(path.join(projectFolder, "Dockerfile"), "utf8");
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
  const { target } = await chooseTarget(stack, () => undefined);
  const which = whichCluster(stack);
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
  const deadline = AbortSignal.timeout(servedWithinSeconds * 1000);
  let reason = "";
  const tryOnce = async (): Promise<string> => {
    try {
      return await getPage(url, deadline);
    } catch (error) {
      // That a try was cut off says less than what the one before it met with.
      reason = deadline.aborted && reason !== "" ? reason : (error as Error).message;
      throw error;
    }
  };
  try {
    return await retry(tryOnce, {
      forever: true,
      maxRetryTime: servedWithinSeconds * 1000,
      factor: 1,
      minTimeout: 100,
      maxTimeout: 100,
    });
  } catch {
    throw new Problem(
      `${url} did not answer 200 within ${servedWithinSeconds} s (${reason})`,
      "run `pulumi config set urlHost HOST` if the cluster is reached at another host",
    );
  }
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
