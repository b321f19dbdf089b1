import { readBuild } from "../../../components/config/image";
import { readProjectPlace } from "../../../components/config/project";
import type { ProjectPlace } from "../../../components/image/findDockerfile";
import { readProject } from "../../../components/image/project";
import { askDaemon } from "../../../components/targets/daemon";
import { thisHost } from "../../../components/targets/host";
import { targets } from "../../../components/targets/target";
import { awayDaemon, untilDaemonAnswers } from "../../docker/daemonReturn";
import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import { provideBuildImages } from "../../stack/buildImages";
import type { PulumiCli } from "../../stack/stack";
import { DaemonProblem } from "../../rollout/buildWatch";
import { chooseTarget, openSession } from "../../stack/session";
import { whichCluster } from "../../stack/kubeContext";
import { StackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { showError } from "../../terminal/showError";
import { update } from "../up";
import { Changes } from "./changes";
import { HeldUpdate } from "./heldUpdate";
import { isSource, type Reaction, reactionTo } from "./reaction";

/** What an update reads beside the sources of the image and the stack's config. */
const program = ["index.ts", "components", "Pulumi.yaml", "package.json"];

/**
 * Takes app/ to a page as `npm run up` does, and again after each change, until Ctrl-C; what is deployed stays.
 *
 * Sets the exit code to 1 when the last update failed.
 */
export async function watch(named: string | undefined): Promise<void> {
  let held: HeldUpdate | undefined;
  const interrupted = new AbortController();
  process.on("SIGINT", () => {
    interrupted.abort();
    held?.cancel();
  });
  let { cli } = await openSession(named);
  const { stack } = cli;
  const stackFile = stackFileName(stack);
  const changes = await Changes.of([placeOf(cli).folder, stackFile, ...program]);
  const restart = async (): Promise<void> => {
    ({ cli } = await openSession(stack));
    changes.include(placeOf(cli).folder);
    await updateAtOnce(cli);
  };
  try {
    let deployed = sourcesHash(cli);
    let failure = await failureOf(updateAtOnce(cli));
    let isRetry = false;
    while (!interrupted.signal.aborted) {
      // What is seen by now of sources that were just deployed is the end of the same change.
      if (sourcesHash(cli) === deployed) {
        const { folder } = placeOf(cli);
        changes.forget((name) => isSource(name, folder));
      }
      let isDaemonToBlame = false;
      if (failure !== undefined) {
        // Saving again tries again.
        deployed = undefined;
        // A daemon that answers and fails again is not tried for a third time.
        isDaemonToBlame = (failure instanceof DaemonProblem && !isRetry) || (await isDaemonAway(cli));
        // The cluster may have another address now.
        await failureOf(openSession(stack).then((session) => ({ cli } = session)));
      }
      held = new HeldUpdate(cli);
      await held.ready;
      console.error(`\nWaiting for changes of ${placeOf(cli).folder}/, ${stackFile} and the program; Ctrl-C ends it`);
      const next = await untilWanted(changes, { cli, deployed, held, isDaemonToBlame }, interrupted.signal);
      if (next === undefined) {
        break;
      }
      console.error(`\n${next.why}`);
      const start = performance.now();
      ({ hash: deployed, isRetry } = next);
      if (next.reaction === "continue") {
        failure = await failureOf(provideBuildImages(cli.configFile));
        if (failure === undefined) {
          failure = await failureOf(held.run());
        } else {
          await held.end();
        }
      } else {
        await held.end();
        failure = await failureOf(restart());
      }
      if (failure === undefined) {
        console.error(`${((performance.now() - start) / 1000).toFixed(1)} s after the change`);
      }
    }
    process.exitCode = failure === undefined ? 0 : 1;
  } finally {
    await held?.end();
    await changes.close();
  }
}

/** What an update is run for. */
interface Wanted {
  /** In words. */
  why: string;
  hash: string | undefined;
  reaction: Exclude<Reaction, "ignore">;
  /** Whether nothing was changed: the last change is tried again. */
  isRetry: boolean;
}

interface Waiting {
  cli: PulumiCli;
  deployed: string | undefined;
  held: HeldUpdate;
  /** Whether the last update failed for want of its Docker daemon, whose return is as good as a change. */
  isDaemonToBlame: boolean;
}

/** Waits for what calls for an update; undefined when it was interrupted. */
async function untilWanted(
  changes: Changes,
  { cli, deployed, held, isDaemonToBlame }: Waiting,
  interrupted: AbortSignal,
): Promise<Wanted | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([interrupted, over.signal]);
  const waits = (): Promise<string[] | "daemon" | undefined>[] => [changes.next(signal), ...(back ? [back] : [])];
  const back = isDaemonToBlame
    ? untilDaemonAnswers(() => askDaemonOf(cli.stack), signal).then(
        () => "daemon" as const,
        () => undefined,
      )
    : undefined;
  try {
    for (;;) {
      const names = await Promise.race(waits());
      if (names === undefined || interrupted.aborted) {
        return undefined;
      }
      const hash = sourcesHash(cli);
      if (names === "daemon") {
        const why = "The Docker daemon answers: what was changed is deployed now";
        return { why, hash, reaction: "restart", isRetry: true };
      }
      // What is held was started for the daemon that is away.
      const reaction = reactionTo(
        { names, folder: placeOf(cli).folder, hash },
        deployed,
        held.isWaiting && !isDaemonToBlame,
      );
      if (reaction !== "ignore") {
        return { why: `${names.join(", ")} changed`, hash, reaction, isRetry: false };
      }
    }
  } finally {
    over.abort();
  }
}

/** Asks the daemon on which the stack would be built now. Rejects when there is none that answers. */
async function askDaemonOf(stack: string): Promise<void> {
  const { config, target } = await chooseTarget(stack, () => undefined);
  await askDaemon(target, await targets[target].locate(whichCluster(config), thisHost), thisHost);
}

/** Whether the Docker daemon does not answer; says so. */
async function isDaemonAway({ environment }: PulumiCli): Promise<boolean> {
  const away = await awayDaemon(environment);
  if (away !== undefined) {
    console.error(`The Docker daemon at ${away.host} does not answer (${away.reason}): the change waits for it`);
  }
  return away !== undefined;
}

const placeOf = ({ configFile }: PulumiCli): ProjectPlace => readProjectPlace(StackConfig.in(configFile));

/** Undefined when no image can be built from the sources; the update says why. */
function sourcesHash({ configFile }: PulumiCli): string | undefined {
  try {
    const config = StackConfig.in(configFile);
    const { builder, ...options } = readBuild(config);
    return builder === "auto" ? undefined : readProject(readProjectPlace(config), { builder, ...options }).hash;
  } catch {
    return undefined;
  }
}

async function updateAtOnce(cli: PulumiCli): Promise<void> {
  await provideBuildImages(cli.configFile);
  const host = new LanguageHost();
  try {
    await update(cli, host, { isWatched: true });
  } finally {
    host.stop();
  }
}

/** Why some work failed, which it prints; undefined when it succeeded. */
async function failureOf(work: Promise<unknown>): Promise<Error | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    showError(error);
    return error as Error;
  }
}
