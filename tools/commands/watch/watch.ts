import { setTimeout } from "node:timers/promises";

import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import { differenceOf, type Snapshot } from "../../live/sources";
import { provideBuildImages } from "../../stack/buildImages";
import { openSession } from "../../stack/session";
import type { PulumiCli } from "../../stack/stack";
import { StackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { showError } from "../../terminal/showError";
import { update } from "../up";
import { Changes } from "./changes";
import { DaemonReturn } from "./daemonReturn";
import { LiveSide } from "./liveSide";
import { inWords, type Reaction, reactionTo } from "./reaction";
import { sayUnwatched } from "./unwatched";
import { liveConfig, type WatchedProject, watchedProject } from "./watchedProject";

/** Options of `npm run watch`. */
export interface WatchOptions {
  /** What alone has its log shown, such as worker. */
  only?: string;
  /** Whether a debugger can attach to the web process. */
  debugger?: boolean;
}

/** What an update reads beside the sources of the image and the stack's config. */
const program = ["index.ts", "components", "Pulumi.yaml", "package.json"];

/** Milliseconds between two looks at files of which no event tells, as of some network drives; more where a look is slow. */
const unseen = { every: 5000, perLook: 100 };

/**
 * Takes a project to a page as `npm run up` does, and brings every save to it, until Ctrl-C; what is deployed stays.
 *
 * Sets the exit code to 1 when the last update failed.
 */
export async function watch(named: string | undefined, options: WatchOptions): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  const watched = await Watched.open(named);
  const live = new LiveSide(options, interrupted, () => {
    watched.forget();
  });
  try {
    await follow(watched, live, interrupted.signal);
    live.sayDifference(watched.stack);
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
    const daemon = await DaemonReturn.after(failure, watched.cli, { isRetry, signal });
    console.error(`\n${live.waitingFor(watched)}; Ctrl-C ends it`);
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
    const since = watched.changes.since ?? performance.now();
    const { reaction, now } = watched.reactTo(names, live.isLive && daemon === undefined);
    if (reaction.is === "deploy") {
      return reaction.why;
    }
    if (reaction.is === "sync" && now !== undefined) {
      await live.bring(now, { before: watched.current, migrations: reaction.migrations, stack: watched.stack, since });
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

/** The files whose changes are brought to the cluster, and what they were when that was done last. */
export class Watched {
  /** Whether the last update succeeded. */
  isDeployed = false;
  /** The sources that the pods have, or that the last update was for. */
  current: Snapshot = new Map();
  private lookMilliseconds = 0;

  private constructor(
    public stack: string,
    public cli: PulumiCli,
    public project: WatchedProject,
    readonly changes: Changes,
  ) {}

  static async open(named: string | undefined): Promise<Watched> {
    const { stack, cli, project } = await openProject(named);
    const changes = await Changes.of([project.folder, stackFileName(stack), ...program], { onError: sayUnwatched });
    return new Watched(stack, cli, project, changes);
  }

  /** The next update is for whatever is saved then: what is deployed is not this command's any more. */
  forget(): void {
    this.isDeployed = false;
  }

  /** Deploys what the files say now. Returns why that failed, which it prints. */
  async deploy(live: LiveSide): Promise<Error | undefined> {
    this.isDeployed = false;
    live.pause();
    const host = new LanguageHost();
    try {
      ({ cli: this.cli, project: this.project } = await openProject(this.stack));
      this.changes.include(this.project.folder);
      const before = this.look() ?? new Map<never, never>();
      this.current = before;
      await provideBuildImages(this.cli.configFile);
      const outputs = await update(this.cli, host, { isWatched: true });
      this.isDeployed = true;
      await live.take(outputs, this, { before, after: this.look() ?? before });
      return undefined;
    } catch (error) {
      showError(error);
      return error as Error;
    } finally {
      host.stop();
    }
  }

  /** Decides on files that changed. */
  reactTo(names: string[], isLive: boolean): { reaction: Reaction; now: Snapshot | undefined } {
    const { isDeployed, project } = this;
    const { folder, places, debug, hasRelease } = project;
    const [saved, others] = [true, false].map((isOfProject) =>
      names.filter((name) => name.startsWith(`${folder}/`) === isOfProject),
    ) as [string[], string[]];
    const now = this.look();
    if (now === undefined) {
      // The update says what cannot be read.
      return { reaction: { is: "deploy", why: `${inWords(names)} changed` }, now };
    }
    const needsBuild = (name: string): string | undefined => places?.needsBuild(name, { debug });
    const change = { program: others, saved, project: differenceOf(this.current, now) };
    return { reaction: reactionTo(change, { isDeployed, isLive, needsBuild, hasRelease }), now };
  }

  /** The files that changed; none after a while, since some change without an event. */
  async next(signal: AbortSignal): Promise<string[]> {
    const over = new AbortController();
    const pause = Math.max(unseen.every, this.lookMilliseconds * unseen.perLook);
    const timer = setTimeout(pause, undefined, { signal: over.signal }).catch(() => undefined);
    void timer.then(() => {
      over.abort();
    });
    const names = await this.changes.next(AbortSignal.any([signal, over.signal]));
    over.abort();
    return names ?? [];
  }

  private look(): Snapshot | undefined {
    const start = performance.now();
    try {
      return this.project.sources.look();
    } catch {
      return undefined;
    } finally {
      this.lookMilliseconds = performance.now() - start;
    }
  }

  async close(): Promise<void> {
    await this.changes.close();
  }
}

async function openProject(
  named: string | undefined,
): Promise<{ stack: string; cli: PulumiCli; project: WatchedProject }> {
  const { stack, cli } = await openSession(named, { more: liveConfig });
  return { stack, cli, project: watchedProject(StackConfig.in(cli.configFile)) };
}
