import { setTimeout } from "node:timers/promises";

import { read, Refused } from "../../components/kubernetes/client";
import type { Live } from "../../components/kubernetes/types";
import { Problem } from "../../components/problem";
import type { KubeContext } from "../../components/targets/kubeconfig";
import { linesOf, Unstreamed } from "./lines";

/** Which objects are watched. */
export interface WatchedList {
  context: KubeContext;
  /** Of the list, such as `/api/v1/namespaces/shop/pods`. */
  path: string;
  labelSelector: string;
}

export interface WatchOptions {
  signal: AbortSignal;
  /** Called when the cluster stops answering, with why, and with undefined once it answers again. */
  onAway: (reason: string | undefined) => void;
  /** Milliseconds before it is asked again. @default 1000 */
  pauseMilliseconds?: number;
}

/** How long an API server is asked to keep one watch open, in seconds; then the next one is begun. */
const watchSeconds = 300;

interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: T & { metadata?: { resourceVersion?: string } };
}

/**
 * The objects of a list, and each again whenever it changes, until `signal` ends it. An object may come twice in the same
 * state: after a watch broke off, all are listed again.
 *
 * @throws where the cluster does not let this user see them
 */
export async function* watchList<T extends object>(
  { context, path, labelSelector }: WatchedList,
  { signal, onAway, pauseMilliseconds = 1000 }: WatchOptions,
): AsyncGenerator<Live<T>> {
  let isAway = false;
  while (!signal.aborted) {
    try {
      const list = await read<{ items: Live<T>[]; metadata: { resourceVersion?: string } }>(context, path, {
        labelSelector,
      });
      if (isAway) {
        isAway = false;
        onAway(undefined);
      }
      yield* list.items;
      yield* changesSince<T>({ context, path, labelSelector }, list.metadata.resourceVersion ?? "", signal);
    } catch (error) {
      if (isForbidden(error)) {
        throw error;
      }
      // What the server forgot is listed again at once.
      if (!(error instanceof Unstreamed && error.status === 410)) {
        if (!isAway) {
          isAway = true;
          // What helps is to ask again, which is done.
          onAway(error instanceof Problem ? error.failed : (error as Error).message);
        }
        await setTimeout(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** Whether no later try is answered otherwise. */
const isForbidden = (error: unknown): boolean =>
  (error instanceof Refused || error instanceof Unstreamed) && (error.status === 401 || error.status === 403);

async function* changesSince<T>(
  { context, path, labelSelector }: WatchedList,
  version: string,
  signal: AbortSignal,
): AsyncGenerator<Live<T>> {
  let resourceVersion = version;
  while (!signal.aborted) {
    const query = {
      labelSelector,
      resourceVersion,
      watch: "true",
      allowWatchBookmarks: "true",
      timeoutSeconds: String(watchSeconds),
    };
    for await (const line of linesOf(context, { path, query }, signal)) {
      const { type, object } = JSON.parse(line) as WatchEvent<Live<T>>;
      if (type === "ERROR") {
        const { code = 0, message = "" } = object as { code?: number; message?: string };
        throw new Unstreamed(code, message);
      }
      resourceVersion = (object.metadata as { resourceVersion?: string }).resourceVersion ?? resourceVersion;
      if (type === "ADDED" || type === "MODIFIED") {
        yield object;
      }
    }
  }
}
