import { setTimeout } from "node:timers/promises";

import type { V1Pod } from "@kubernetes/client-node";

import { readIfThere } from "../../components/kubernetes/client";
import { watchList } from "../kubernetes/watchList";
import type { Place, Pod } from "../rollout/kubernetes";
import { followLines, podsPath } from "./containerLog";
import type { LogLine, LogSource } from "./logLine";

/** What is followed, and what becomes of it. */
export interface FollowOptions extends Place {
  /** Selects the pods, also those that are made later. */
  labelSelector: string;
  /** Name of the container of a pod that is followed; undefined for none. */
  containerOf: (pod: Pod) => string | undefined;
  /** Time of the last line of a container that was shown already, by its key. Any other is shown from its beginning. */
  known?: ReadonlyMap<string, string>;
  /** Shows a line; what comes after it waits until it resolves. */
  onLine: (line: LogLine, source: LogSource) => Promise<void> | void;
  /** Told of a container that begins or ends. @default nobody is told */
  onChange?: (change: ContainerChange, source: LogSource) => void;
  /** Told when the cluster stops answering, with why, and with undefined once it answers again. */
  onAway: (reason: string | undefined) => void;
  /** Ends it. */
  signal: AbortSignal;
  /** Milliseconds before a log that broke off is asked for again. @default 1000 */
  pauseMilliseconds?: number;
}

/** What happened to a container. */
export type ContainerChange = { is: "begun" } | { is: "ended"; exitCode: number; reason: string };

/** Names a container of a pod through its restarts. */
export const keyOf = ({ pod, container }: LogSource): string => `${pod.metadata.uid}/${container}`;

/**
 * Follows the logs of pods through restarts of their containers, and of the pods that take their place, until `signal`
 * ends it.
 *
 * @throws where the cluster does not let this user see pods; what is followed by then goes on
 */
export async function followLogs(options: FollowOptions): Promise<void> {
  const { context, namespace, labelSelector, containerOf, signal } = options;
  const streams = new Streams(options);
  const list = { context, path: podsPath(namespace), labelSelector };
  for await (const pod of watchList<V1Pod>(list, options)) {
    const container = containerOf(pod as Pod);
    if (container !== undefined && !signal.aborted) {
      streams.see({ pod: pod as Pod, container });
    }
  }
  await streams.end();
}

/** One stream for each container that has something to say. */
class Streams {
  /** Ids of containers that are, or were, followed. */
  private readonly seen = new Set<string>();
  /** Ids of containers whose end was told. */
  private readonly ended = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  /** Time of the last line, by key. */
  private readonly last: Map<string, string>;
  /** The last line without a time, by key. */
  private readonly said = new Map<string, string>();

  constructor(private readonly options: FollowOptions) {
    this.last = new Map(options.known);
  }

  /** Takes in what a pod is like now. */
  see(source: LogSource): void {
    const status = statusOf(source);
    const id = status?.containerID;
    const ended = status?.state?.terminated;
    if (id === undefined || (ended === undefined && status?.state?.running === undefined)) {
      return;
    }
    if (!this.seen.has(id)) {
      this.seen.add(id);
      const key = keyOf(source);
      // What ended before was shown whole, or is not wanted.
      const before = this.running.get(key) ?? Promise.resolve();
      this.running.set(
        key,
        before.then(() => this.follow(source, id)),
      );
    }
    if (ended !== undefined && !this.ended.has(id)) {
      this.ended.add(id);
      const { exitCode, reason = "" } = ended;
      void this.running.get(keyOf(source))?.then(() => {
        this.options.onChange?.({ is: "ended", exitCode, reason }, source);
      });
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.running.values());
  }

  /** Never rejects. */
  private async follow(source: LogSource, id: string): Promise<void> {
    const { signal, onLine, onChange, pauseMilliseconds = 1000 } = this.options;
    const key = keyOf(source);
    onChange?.({ is: "begun" }, source);
    do {
      try {
        const after = this.last.get(key) ?? "";
        for await (const line of followLines(this.options, source, after, signal)) {
          if (line.time !== "") {
            this.last.set(key, line.time);
          } else if (this.said.get(key) === line.text) {
            // The node's own words, again, on a log that it cannot read.
            continue;
          } else {
            this.said.set(key, line.text);
          }
          await onLine(line, source);
        }
      } catch {
        // The connection broke off, or the container is not there any more: the look at its pod tells.
      }
      await pause(pauseMilliseconds, signal);
    } while (!signal.aborted && (await this.stillRuns(source, id)));
  }

  private async stillRuns({ pod, container }: LogSource, id: string): Promise<boolean> {
    const { context, namespace } = this.options;
    const { name, uid } = pod.metadata;
    try {
      const key = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace } };
      const now = await readIfThere<Pod>(context, key);
      const status = now?.metadata.uid === uid ? statusOf({ pod: now, container }) : undefined;
      return status?.containerID === id && status.state?.running !== undefined;
    } catch {
      // Nobody knows: the log is asked for again.
      return true;
    }
  }
}

const statusOf = ({ pod, container }: LogSource): NonNullable<Pod["status"]["containerStatuses"]>[number] | undefined =>
  pod.status.containerStatuses?.find(({ name }) => name === container);

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
