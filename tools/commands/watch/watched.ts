import { setTimeout } from "node:timers/promises";

import { aboutOne, appOf, refuseNotInConfig } from "../../app/onApp";
import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import { differenceOf, type Snapshot } from "../../live/sources";
import type { ImagePlaces } from "../../../components/image/places/imagePlaces";
import { provideBuildImages } from "../../stack/buildImages";
import { type Choice, openSession } from "../../stack/session";
import { StackConfig } from "../../stack/stackConfig";
import { type Config, stackFileName } from "../../stack/stackFiles";
import { showError } from "../../terminal/showError";
import { update } from "../up";
import { Changes } from "./changes";
import { isLeftOutOf } from "./followedProject";
import type { LiveSide } from "./liveSide";
import { lookAt, OtherProjects } from "./otherProjects";
import { pathIn } from "./pathIn";
import { type Reaction, reactionTo } from "./reaction";
import { sayUnwatched } from "./unwatched";
import { livePlaces, watchedProject, type WatchedStack } from "./watchedProject";

/** What an update reads beside the sources of images and the stack's config. */
const program = ["index.ts", "components", "Pulumi.yaml", "package.json"];

/** Milliseconds between two looks at files of which no event tells, as of some network drives; more where a look is slow. */
const unseen = { every: 5000, perLook: 100 };

/** The files whose changes are brought to the cluster, and what they were when that was done last. */
export class Watched {
  /** Whether the last update succeeded. */
  isDeployed = false;
  /** The sources that the pods have, or that the last update was for. */
  current: Snapshot = new Map();
  private lookMilliseconds = 0;
  /** Whether the last update could read the project. */
  private wasRead = false;
  /** Whether an update was tried with what was read of the stack, so that the next one reads it anew. */
  private isOpened = false;

  private constructor(
    /** What is watched, as config said when it was read last. */
    public opened: WatchedStack,
    private changes: Changes,
  ) {}

  /**
   * @param app whose saves reach the pods
   * @throws a `Problem` where the stack has no such app
   */
  static async open(named: string | undefined, app: string): Promise<Watched> {
    const opened = await openProjects(named, app);
    return new Watched(opened, await changesOf(opened));
  }

  /** The next update is for whatever is saved then: what is deployed is not this command's any more. */
  forget(): void {
    this.isDeployed = false;
  }

  /** Deploys what the files say now. Returns why that failed, which it prints. */
  async deploy(live: LiveSide): Promise<Error | undefined> {
    this.isDeployed = false;
    this.wasRead = false;
    const host = new LanguageHost();
    try {
      // All of it is in this update, from which the next save's seconds do not count.
      this.changes.forget();
      if (this.isOpened) {
        await this.open();
      }
      this.isOpened = true;
      const { opened } = this;
      opened.others.take();
      const read = this.look();
      this.wasRead = read !== undefined;
      this.current = read ?? this.current;
      live.prepare(opened.project, read);
      await provideBuildImages(opened.cli.configFile);
      const deployed = await update(opened.cli, host, { isWatched: true, app: opened.app });
      this.isDeployed = true;
      await live.take(deployed, opened, this.look() ?? this.current);
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
    const before = rulesOf(this.opened);
    this.opened = await openProjects(this.opened.stack, this.opened.app);
    if (rulesOf(this.opened) !== before) {
      await this.changes.close();
      this.changes = await changesOf(this.opened);
    }
  }

  /** When the first of the changes was seen that were named last, as `performance.now()`; undefined for none. */
  get since(): number | undefined {
    return this.changes.since;
  }

  /** Decides on files that changed. */
  reactTo(names: string[], isLive: boolean): { reaction: Reaction; now: Snapshot | undefined } {
    const { isDeployed, wasRead, current } = this;
    const { stack, project, others } = this.opened;
    const { places, debug, hasRelease } = project;
    const now = this.look();
    const needsBuild = (name: string): string | undefined => places?.needsBuild(name, { debug });
    const change = {
      program: names.filter((name) => isOfProgram(stack, name)),
      saved: names.filter((name) => !isOfProgram(stack, name)),
      project: now && differenceOf(current, now),
      other: this.timed(() => others.changed(names, project)),
    };
    return { reaction: reactionTo(change, { stack, isDeployed, wasRead, isLive, needsBuild, hasRelease }), now };
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
    this.lookMilliseconds = 0;
    return this.timed(() => lookAt(this.opened.project));
  }

  private timed<T>(look: () => T): T {
    const start = performance.now();
    const seen = look();
    this.lookMilliseconds += performance.now() - start;
    return seen;
  }

  async close(): Promise<void> {
    await this.changes.close();
  }
}

async function changesOf({ stack, project, others }: WatchedStack): Promise<Changes> {
  const projects = [project, ...others.projects];
  const folders = [...new Set(projects.map(({ folder }) => folder))];
  return await Changes.of([...folders, stackFileName(stack), ...program], {
    isLeftOut: (name) => !isOfProgram(stack, name) && isLeftOutOf(projects, name),
    onError: sayUnwatched,
  });
}

const isOfProgram = (stack: string, name: string): boolean =>
  [stackFileName(stack), ...program].some((each) => pathIn(each, name) !== undefined);

/** What decides on which files are watched. */
const rulesOf = ({ project, others }: WatchedStack): string =>
  JSON.stringify([project, ...others.projects].map(({ folder, ignoreRules }) => [folder, ignoreRules]));

async function openProjects(named: string | undefined, app: string): Promise<WatchedStack> {
  let places: ImagePlaces | undefined;
  const more = (choice: Choice): Config => {
    refuseNotInConfig(choice, app);
    places = aboutOne(app, () => livePlaces(appOf(choice, app)));
    return places === undefined ? {} : { [`${app}:liveReload`]: "true" };
  };
  const { stack, cli } = await openSession(named, { more });
  const config = StackConfig.in(cli.configFile);
  const project = aboutOne(app, () => watchedProject({ app, config: config.ofApp(app) }, places));
  return { stack, app, cli, project, others: OtherProjects.beside(app, config) };
}
