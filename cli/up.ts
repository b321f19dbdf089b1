import retry from "async-retry";

import { Problem } from "../components/problem";
import { step } from "../sandbox/tools/progress";
import { BuildAhead } from "./buildAhead";
import { BuildWatch } from "./buildWatch";
import { stackOutputsIn } from "./engineEvents";
import { RolloutWatch } from "./rollout/watchRollouts";
import { repair } from "./repair/repair";
import { createStack, operate, type PulumiCli, stackExists, stackOutputs, type Watch } from "./pulumi";
import { openSession } from "./session";

/** From source to a served page: runs `pulumi up` and prints the URL after it answered. */
export async function up(named: string | undefined): Promise<void> {
  const { cli } = await openSession(named);
  if (!(await stackExists(cli))) {
    await createStack(cli);
  }
  const { flags, image } = await repair(cli);
  // A preview before it would run the program twice, and there is nobody to ask.
  const events = await operate(cli, "up", ["--skip-preview", ...flags], (cancel) => watch(cli, image, cancel));
  // Asking for them takes as long as a quarter of an `up` without changes.
  const outputs = stackOutputsIn(events) ?? (await stackOutputs(cli));
  console.log(`\n${await wayToPage(outputs)}`);
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

/**
 * Looks on for what the engine cannot say itself, why an image is not built and why a pod does not become ready; and uses
 * the time until it builds.
 *
 * @param image what the pods have until now
 */
function watch(cli: PulumiCli, image: string | undefined, cancel: () => void): Watch {
  const build = new BuildWatch();
  const rollouts = new RolloutWatch(cli.environment, cancel);
  const ahead = image === undefined ? undefined : new BuildAhead(cli, image);
  return {
    onEvent: (event) => {
      build.onEvent(event);
      rollouts.onEvent(event);
    },
    stop: async (failed) => {
      ahead?.stop();
      return (await rollouts.stop(failed)) ?? build.explain();
    },
  };
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
      `${url} did not answer 200 within ${servedWithinSeconds} s (${reason}); run \`pulumi config set urlHost HOST\` if the cluster is reached at another host.`,
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
