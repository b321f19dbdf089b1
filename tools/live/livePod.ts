import { setTimeout } from "node:timers/promises";

import { agentFile } from "../../components/liveReload/agentCommand";
import { liveAnnotation } from "../../components/liveReload/liveAnnotation";
import { roleOf } from "../app/role";
import { labelOf } from "../logs/logWriter";
import type { Place, Pod } from "../rollout/kubernetes";
import { inPods, listingOf, readChange, Stale } from "./podPaths";
import { PodStream, type StreamEvents } from "./podStream";
import type { Changed, RefusedChange } from "./protocol";
import { differenceOf, isEmpty, type Snapshot } from "./sources";
import { thenOf } from "./then";
import type { Wanted } from "./wanted";

/** What became of a change in a pod. */
export interface Outcome {
  /** Such as web or worker. */
  role: string;
  /** Such as web-x7k2p. */
  label: string;
  result: Changed | RefusedChange | { is: "away"; reason: string };
}

/** Milliseconds before a stream that ended is opened again, and after which a pod that has none is spoken of. */
const again = { pause: 300, limit: 5000 };

/** A pod whose processes run under the agent, and the stream that keeps its files as the project's are. */
export class LivePod {
  readonly label: string;
  readonly role: string;
  /** What it was told to have; undefined while there is no stream. */
  private has: Snapshot | undefined;
  private stream: PodStream | undefined;
  private readonly ended = new AbortController();
  private isMissed = false;

  constructor(
    private readonly pod: Pod,
    private readonly place: Place,
    private readonly wanted: Wanted,
    private readonly options: { say: (line: string) => void; onSuperseded: () => void; isDebugged: boolean },
  ) {
    this.label = labelOf(pod);
    this.role = roleOf(pod.metadata.labels)?.name ?? "";
  }

  /** Whether it has a stream, by which it has been told everything. */
  get isInSync(): boolean {
    return this.has !== undefined;
  }

  /** Keeps a stream open until `end`. Never rejects. */
  async hold(): Promise<void> {
    const { signal } = this.ended;
    let lost = performance.now();
    while (!signal.aborted) {
      const { reason, wasOpen } = await this.once();
      this.has = undefined;
      lost = wasOpen ? performance.now() : lost;
      if (!this.isMissed && !this.ended.signal.aborted && performance.now() - lost > again.limit) {
        this.isMissed = true;
        this.options.say(`${this.label} is not in sync (${reason}): it is tried again`);
      }
      await setTimeout(again.pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One stream, from its beginning to its end. */
  private async once(): Promise<{ reason: string; wasOpen: boolean }> {
    const container = containerOf(this.pod);
    if (container === undefined) {
      return { reason: "no container of it runs under the agent", wasOpen: false };
    }
    let stream: PodStream | undefined;
    let wasOpen = false;
    const end = (): void => stream?.end();
    this.ended.signal.addEventListener("abort", end);
    try {
      const { name: pod } = this.pod.metadata;
      const where = { namespace: this.place.namespace, pod, container: container.name };
      stream = await PodStream.to(this.place.context, where, container.python, this.events());
      await this.open(stream);
      wasOpen = true;
      if (this.isMissed) {
        this.isMissed = false;
        this.options.say(`${this.label} is in sync again`);
      }
      return { reason: await stream.closed, wasOpen };
    } catch (error) {
      return { reason: (error as Error).message, wasOpen };
    } finally {
      stream?.end();
      this.stream = undefined;
      this.ended.signal.removeEventListener("abort", end);
    }
  }

  private events(): StreamEvents {
    return {
      onSuperseded: () => {
        this.ended.abort();
        this.options.onSuperseded();
      },
      onEnded: ({ exitCode }) => {
        this.options.say(`${this.label} ended with exit code ${exitCode}: the next save starts it again`);
      },
      onError: (reason) => {
        this.options.say(`${this.label}: ${reason}`);
      },
    };
  }

  /** Brings the pod to what it is to have, whatever it has. */
  private async open(stream: PodStream): Promise<void> {
    const { folder, base, snapshot, places } = this.wanted.now;
    const { wanted, removed } = await stream.begin(base, listingOf(snapshot, places), this.options.isDebugged);
    const needed = new Set(wanted);
    const changed = [...snapshot.keys()].filter((name) => places.placesOf(name).some((place) => needed.has(place)));
    const has = new Map(snapshot);
    const change = readChange(
      { changed, removed: [] },
      {
        folder,
        snapshot,
        places,
        onStale: (name) => {
          // Saved since, as while an update runs: the pod gets it with the sources of then.
          has.set(name, { kind: "file", mode: 0, size: 0, content: "" });
        },
      },
    );
    this.has = has;
    this.stream = stream;
    const result = await stream.change(change, needed.size + removed > 0 ? "restart" : "nothing");
    if (result.is === "refused") {
      this.options.say(`${this.label} cannot write ${result.path}: ${result.reason}`);
    }
    // What was saved meanwhile.
    await this.bring();
  }

  /** Brings the pod from what it has to what it is to have; undefined where that is the same. Never rejects. */
  async bring(): Promise<Outcome | undefined> {
    const { role, label, stream, has } = this;
    const { folder, snapshot, places } = this.wanted.now;
    if (stream === undefined || has === undefined) {
      return { role, label, result: { is: "away", reason: "it has no stream" } };
    }
    const difference = inPods(differenceOf(has, snapshot), has, snapshot, places);
    if (isEmpty(difference)) {
      this.has = snapshot;
      return undefined;
    }
    try {
      const change = readChange(difference, { folder, snapshot, places });
      this.has = snapshot;
      const isFolder = (name: string): boolean => (snapshot.get(name) ?? has.get(name))?.kind === "folder";
      const result = await stream.change(change, thenOf(difference, isFolder));
      if (result.is === "refused" && this.has === snapshot) {
        this.has = has;
      }
      return { role, label, result };
    } catch (error) {
      // Where the file was being written, the next look has it whole; a stream that ended is opened again.
      return error instanceof Stale
        ? undefined
        : { role, label, result: { is: "away", reason: (error as Error).message } };
    }
  }

  end(): void {
    this.ended.abort();
  }
}

/** The container of a pod that runs under the agent, and the Python that runs it; undefined where none does. */
function containerOf({ spec }: Pod): { name: string; python: string } | undefined {
  for (const { name, command = [], args = [] } of spec?.containers ?? []) {
    const words = [...command, ...args];
    const python = words[words.indexOf(agentFile) - 1];
    if (python !== undefined) {
      return { name, python };
    }
  }
  return undefined;
}

/** Whether a pod's processes run under the agent. */
export const isLive = ({ metadata }: Pod): boolean => metadata.annotations?.[liveAnnotation] !== undefined;

/** Whether the agent of a pod can be reached now. */
export function isRunning(pod: Pod): boolean {
  const name = containerOf(pod)?.name;
  const status = pod.status.containerStatuses?.find((each) => each.name === name);
  return pod.metadata.deletionTimestamp === undefined && status?.state?.running !== undefined;
}
