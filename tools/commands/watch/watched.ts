import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import { differenceOf, type Snapshot } from "../../live/sources";
import type { ImagePlaces } from "../../../components/image/places/imagePlaces";
import { provideBuildImages } from "../../stack/buildImages";
import { type Choice, openSession } from "../../stack/session";
import type { PulumiCli } from "../../stack/stack";
import { StackConfig } from "../../stack/stackConfig";
import { type Config, stackFileName } from "../../stack/stackFiles";
import { showError } from "../../terminal/showError";
import { update } from "../up";
import { Changes } from "./changes";
import type { LiveSide } from "./liveSide";
import { inWords, type Reaction, reactionTo } from "./reaction";
import { sayUnwatched } from "./unwatched";
import { livePlaces, type WatchedProject, watchedProject, type WatchedStack } from "./watchedProject";

/** What an update reads beside the sources of the image and the stack's config. */
const program = ["index.ts", "components", "Pulumi.yaml", "package.json"];

/** Milliseconds between two looks at files of which no event tells, as of some network drives; more where a look is slow. */
const unseen = { every: 5000, perLook: 100 };

/** The files whose changes are brought to the cluster, and what they were when that was done last. */
export class Watched implements WatchedStack {
  /** Whether the last update succeeded. */
  isDeployed = false;
  /** The sources that the pods have, or that the last update was for. */
  current: Snapshot = new Map();
  private lookMilliseconds = 0;
  /** Whether an update was tried with what was read of the stack, so that the next one reads it anew. */
  private isOpened = false;

  private constructor(
    public stack: string,
    public cli: PulumiCli,
    public project: WatchedProject,
    private changes: Changes,
  ) {}

  static async open(named: string | undefined): Promise<Watched> {
    const { stack, cli, project } = await openProject(named);
    return new Watched(stack, cli, project, await changesOf(stack, project));
  }

  /** The next update is for whatever is saved then: what is deployed is not this command's any more. */
  forget(): void {
    this.isDeployed = false;
  }

  /** Deploys what the files say now. Returns why that failed, which it prints. */
  async deploy(live: LiveSide): Promise<Error | undefined> {
    this.isDeployed = false;
    const host = new LanguageHost();
    try {
      // All of it is in this update, from which the next save's seconds do not count.
      this.changes.forget();
      if (this.isOpened) {
        await this.open();
      }
      this.isOpened = true;
      const before = this.look() ?? new Map<never, never>();
      this.current = before;
      live.prepare(this.project, before);
      await provideBuildImages(this.cli.configFile);
      const outputs = await update(this.cli, host, { isWatched: true });
      this.isDeployed = true;
      await live.take(outputs, this, this.look() ?? before);
      return undefined;
    } catch (error) {
      showError(error);
      return error as Error;
    } finally {
      host.stop();
    }
  }

  /** Reads the stack's config anew, and watches what it names. */
  private async open(): Promise<void> {
    const { ignoreRules } = this.project;
    ({ cli: this.cli, project: this.project } = await openProject(this.stack));
    if (this.project.ignoreRules !== ignoreRules) {
      await this.changes.close();
      this.changes = await changesOf(this.stack, this.project);
    }
  }

  /** When the first of the changes was seen that were named last, as `performance.now()`; undefined for none. */
  get since(): number | undefined {
    return this.changes.since;
  }

  /** Decides on files that changed. */
  reactTo(names: string[], isLive: boolean): { reaction: Reaction; now: Snapshot | undefined } {
    const { isDeployed, project } = this;
    const { folder, places, debug, hasRelease } = project;
    // Some events name the whole path of a file, whatever the watched folder was named.
    const root = path.resolve(folder) + path.sep;
    const [saved, others] = [true, false].map((isOfProject) =>
      names.filter((name) => `${path.resolve(name)}${path.sep}`.startsWith(root) === isOfProject),
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

async function changesOf(stack: string, { folder, isLeftOut }: WatchedProject): Promise<Changes> {
  return await Changes.of([folder, stackFileName(stack), ...program], {
    isLeftOut: (name) => {
      const within = path.relative(folder, name).replaceAll("\\", "/");
      return within !== "" && !within.startsWith("../") && within !== ".." && isLeftOut(within);
    },
    onError: sayUnwatched,
  });
}

async function openProject(named: string | undefined): Promise<WatchedStack> {
  let places: ImagePlaces | undefined;
  const more = (choice: Choice): Config => {
    places = livePlaces(choice);
    return places === undefined ? {} : { liveReload: "true" };
  };
  const { stack, cli } = await openSession(named, { more });
  return { stack, cli, project: watchedProject(StackConfig.in(cli.configFile), places) };
}
