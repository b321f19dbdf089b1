import { read, sendPatiently } from "../../components/kubernetes/client";
import { linesOf } from "../kubernetes/lines";
import type { Place } from "../rollout/kubernetes";
import { type LogLine, type LogSource, readLogLine } from "./logLine";

/** Which lines of a container's log are wanted. */
export interface LogPart {
  /** The last ones, at most; undefined for all. */
  tail?: number | undefined;
  /** Those of the container that ran before the last restart. @default false */
  previous?: boolean;
}

/** The lines that a container has printed so far; undefined where the cluster has none of it, or not any more. */
export async function linesSoFar(
  { context, namespace }: Place,
  source: LogSource,
  part: LogPart,
): Promise<LogLine[] | undefined> {
  const { status, body } = await sendPatiently(context, {
    path: logPath(namespace, source),
    query: queryOf(source, part),
    timeoutSeconds: 30,
  });
  if (status !== 200) {
    return undefined;
  }
  const lines = body.split("\n");
  return (lines.at(-1) === "" ? lines.slice(0, -1) : lines).map(readLogLine);
}

/**
 * The lines of a container, as they come, until it ends.
 *
 * @param after of the last line that is known; "" for none
 * @throws as `linesOf`
 */
export async function* followLines(
  { context, namespace }: Place,
  source: LogSource,
  after: string,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const since = after === "" ? {} : { sinceTime: after };
  const query = { ...queryOf(source, {}), ...since, follow: "true" };
  for await (const line of linesOf(context, { path: logPath(namespace, source), query }, signal)) {
    const read = readLogLine(line);
    // The cluster goes by whole seconds.
    if (read.time === "" || read.time > after) {
      yield read;
    }
  }
}

/** The pods that a selector selects, the oldest first. */
export async function podsWith({ context, namespace }: Place, labelSelector: string): Promise<LogSource["pod"][]> {
  const { items } = await read<{ items: LogSource["pod"][] }>(context, podsPath(namespace), { labelSelector });
  return items.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
}

export const podsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

const logPath = (namespace: string, { pod }: LogSource): string => `${podsPath(namespace)}/${pod.metadata.name}/log`;

function queryOf({ container }: LogSource, { tail, previous = false }: LogPart): Record<string, string> {
  return {
    container,
    timestamps: "true",
    ...(tail === undefined ? {} : { tailLines: String(tail) }),
    ...(previous ? { previous: "true" } : {}),
  };
}
