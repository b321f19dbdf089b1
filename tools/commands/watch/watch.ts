import { project } from "../../stack/stackConfig";
import { DaemonReturn } from "./daemonReturn";
import { LiveSide } from "./liveSide";
import type { WatchOptions } from "./options";
import { Watched } from "./watched";

/**
 * Takes a stack's projects to their pages as `npm run up` does, and brings every save of one to its pods, until Ctrl-C; what
 * is deployed stays.
 *
 * Sets the exit code to 1 when the last update failed.
 */
export async function watch(named: string | undefined, options: WatchOptions): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  const watched = await Watched.open(named, options.app ?? project);
  const live = new LiveSide(options, interrupted, () => {
    watched.forget();
  });
  try {
    await follow(watched, live, interrupted.signal);
    live.sayDifference(watched.opened);
  } finally {
    await live.end();
    await watched.close();
  }
}

/** Deploys, and brings saves to the pods until one calls for the next update. */
async function follow(watched: Watched, live: LiveSide, signal: AbortSignal): Promise<void> {
  let failure = await watched.deploy(live);
  let isRetry = false;
  while (!signal.aborted) {
    const daemon = await DaemonReturn.after(failure, watched.opened.cli, { isRetry, signal });
    console.error(`\n${live.waitingFor(watched.opened)}; Ctrl-C ends it`);
    const why = await untilDeployed(watched, live, daemon, signal);
    daemon?.end();
    if (why === undefined) {
      break;
    }
    console.error(`\n${why}`);
    isRetry = daemon?.isBack === true;
    const start = performance.now();
    failure = await watched.deploy(live);
    if (failure === undefined) {
      console.error(`${((performance.now() - start) / 1000).toFixed(1)} s after the change`);
    }
  }
  process.exitCode = failure === undefined ? 0 : 1;
}

/** Brings saves to the pods. Returns why an update is called for; undefined when it was interrupted. */
async function untilDeployed(
  watched: Watched,
  live: LiveSide,
  daemon: DaemonReturn | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  // What was saved during the update has no event any more.
  let names: string[] = [];
  for (;;) {
    const since = watched.since ?? performance.now();
    const { reaction, now } = watched.reactTo(names, live.isLive && daemon === undefined);
    if (reaction.is === "deploy") {
      return reaction.why;
    }
    if (reaction.is === "sync" && now !== undefined) {
      // A process that starts slowly keeps no later save waiting.
      void live.bring(now, { before: watched.current, migrations: reaction.migrations, of: watched.opened, since });
      watched.current = now;
    }
    const next = await Promise.race([watched.next(signal), ...(daemon === undefined ? [] : [daemon.back])]);
    if (signal.aborted) {
      return undefined;
    }
    if (next === "back") {
      return "The Docker daemon answers: what was changed is deployed now";
    }
    names = next;
  }
}
