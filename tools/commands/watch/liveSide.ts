import { appInWords, type AppOfStack, appWords } from "../../app/appWords";
import { inItsName } from "../../app/onApp";
import { selectorOf, web } from "../../app/role";
import { holdForward } from "../../forward/forward";
import type { Deployed } from "../../rollout/followUpdate";
import type { Place } from "../../rollout/kubernetes";
import { LivePods } from "../../live/livePods";
import { together } from "../../live/together";
import type { Outcome } from "../../live/livePod";
import { differenceOf, isEmpty, type Snapshot } from "../../live/sources";
import { Wanted } from "../../live/wanted";
import { contextOf } from "../../stack/kubeContext";
import { StackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { untilTrue } from "../../waiting";
import { linesOf } from "./outcomes";
import { inWords } from "./reaction";
import { showLogs } from "./showLogs";
import type { WatchOptions } from "./options";
import type { WatchedProject, WatchedStack } from "./watchedProject";

/** Port at which debugpy listens in a pod, and at which editors look for it. */
const debuggerPort = 5678;

/** Milliseconds within which what became of a save is said in one line. */
const besideEachOther = 700;

/** Seconds for which pods are waited for that are to take saves. */
const syncSeconds = 10;

/** What runs in the cluster while `npm run watch` does: pods that take saves, and their logs. */
export class LiveSide {
  private pods: LivePods | undefined;
  private wanted: Wanted | undefined;
  /** The one that the pods follow, also after a failed update for which there were no places to bring saves to. */
  private kept: Wanted | undefined;
  private followed = "";
  private over = new AbortController();
  private readonly following = new Set<Promise<unknown>>();
  /** What the pods' image has. */
  private deployed: Snapshot | undefined;
  private isPaused = false;
  /** When this command began. */
  private readonly since = new Date();

  constructor(
    private readonly options: WatchOptions,
    private readonly interrupted: AbortController,
    private readonly onOther: () => void,
  ) {}

  /** Whether saves reach the pods. */
  get isLive(): boolean {
    return this.wanted !== undefined;
  }

  /** What is waited for, as a sentence without its end. */
  waitingFor({ project, others, stack }: WatchedStack): string {
    const folders = [...new Set([project.folder, ...others.folders])].map((folder) => `${folder}/`);
    return `Waiting for changes of ${[...folders, stackFileName(stack)].join(", ")} and the program`;
  }

  /** An update is about to give the pods an image of some sources; undefined where they cannot be read, which ends it. */
  prepare({ folder, places }: Pick<WatchedProject, "folder" | "places">, sources: Snapshot | undefined): void {
    if (sources === undefined) {
      // The pods keep what they have.
      return;
    }
    this.isPaused = true;
    this.deployed = sources;
    if (places === undefined) {
      this.wanted = undefined;
      return;
    }
    this.kept ??= new Wanted({ folder, places, snapshot: sources, base: [] });
    this.wanted = this.kept;
    this.wanted.deploy({ folder, places, snapshot: sources });
  }

  /**
   * Takes over what an update deployed, and waits until its pods take saves.
   *
   * @param after sources just after the image was built, which may have them
   */
  async take({ namespace }: Deployed, of: WatchedStack, after: Snapshot): Promise<void> {
    this.isPaused = false;
    const config = StackConfig.in(of.cli.configFile);
    const { target } = config;
    if (target === undefined || namespace === undefined) {
      return;
    }
    const place = { context: contextOf(config, target), namespace };
    this.wanted?.add(after);
    await this.follow(place, of);
    // Pods that the update left as they were.
    await Promise.all(this.pods?.bring() ?? []);
    const isOver = (): boolean => this.pods?.areInSync !== false || this.interrupted.signal.aborted;
    // A pod that takes longer is spoken of by itself.
    await untilTrue(isOver, { seconds: syncSeconds, pauseMilliseconds: 50 }).catch(() => undefined);
  }

  /** Follows the pods and logs of a place, unless that is done. */
  private async follow(place: Place, of: AppOfStack): Promise<void> {
    const key = JSON.stringify([place.context.name, place.namespace, this.wanted !== undefined]);
    if (key === this.followed) {
      return;
    }
    await this.end();
    this.followed = key;
    this.over = new AbortController();
    const signal = AbortSignal.any([this.over.signal, this.interrupted.signal]);
    const say = (line: string): void => {
      console.error(line);
    };
    const { wanted } = this;
    if (wanted !== undefined) {
      this.pods = new LivePods({
        ...place,
        wanted,
        say,
        signal,
        isDebugged: this.options.debugger === true,
        onSuperseded: () => {
          say(`Another \`npm run watch\` brings saves to ${appInWords(of)} now, so this one ends`);
          this.interrupted.abort();
        },
        onOther: () => {
          if (!this.isPaused) {
            this.isPaused = true;
            say(`Stack ${of.stack} was updated by somebody else: the next save deploys it again`);
            this.onOther();
          }
        },
      });
      this.hold(of, this.pods.follow());
    }
    if (wanted !== undefined && this.options.debugger === true) {
      this.hold(of, this.forwardDebugger(place, signal));
    }
    this.hold(of, showLogs(place, of.stack, { only: this.options.only, since: this.since, signal }));
  }

  /** Leads the port of this machine at which editors attach to that of the web process. */
  private async forwardDebugger(place: Place, signal: AbortSignal): Promise<void> {
    const forward = await holdForward({
      ...place,
      name: web.name,
      labelSelector: selectorOf(web),
      remotePort: debuggerPort,
      localPort: debuggerPort,
      signal,
      onLine: console.error,
      withPort: () => "end what listens there, such as another `npm run watch -- --debugger`",
    });
    console.error(`A debugger can attach to localhost:${forward.localPort}`);
    await forward.ended;
  }

  private hold({ app }: AppOfStack, work: Promise<void>): void {
    const held = work
      .catch((error: unknown) => {
        console.error((inItsName(app, error) as Error).message);
      })
      .finally(() => this.following.delete(held));
    this.following.add(held);
  }

  /** Brings sources to the pods, and says what came of it. Never rejects. */
  async bring(
    now: Snapshot,
    { before, migrations, of, since }: { before: Snapshot; migrations: string[]; of: AppOfStack; since: number },
  ): Promise<void> {
    this.wanted?.change(now);
    const { changed, removed } = differenceOf(before, now);
    const names = inWords([...changed, ...removed]);
    const say = (outcomes: Outcome[]): void => {
      linesOf(outcomes, { names, seconds: (performance.now() - since) / 1000 }).forEach((line) => {
        console.error(line);
      });
    };
    const work = this.pods?.bring() ?? [];
    if (work.length === 0) {
      say([]);
    }
    // A worker finishes its task first, which may take long.
    for await (const results of together(work, besideEachOther)) {
      const outcomes = results.filter((each) => each !== undefined);
      if (outcomes.length > 0 && !this.interrupted.signal.aborted) {
        say(outcomes);
      }
    }
    if (migrations.length > 0) {
      console.error(`${inWords(migrations)} changed: \`npm run manage -- ${appWords(of)} migrate\` runs migrations`);
    }
  }

  /** Says how the pods differ from their image. */
  sayDifference({ stack }: AppOfStack): void {
    if (this.wanted === undefined || this.deployed === undefined) {
      return;
    }
    const difference = differenceOf(this.deployed, this.wanted.now.snapshot);
    const names = [...difference.changed, ...difference.removed];
    console.error(
      isEmpty(difference)
        ? `The pods have what their image has, and run under live reload until \`npm run up -- ${stack}\``
        : `The pods differ from their image in ${inWords(names)}: \`npm run up -- ${stack}\` makes an image of it`,
    );
  }

  /** Ends what follows the pods and their logs. */
  async end(): Promise<void> {
    this.over.abort();
    await Promise.all(this.following);
    this.pods = undefined;
  }
}
