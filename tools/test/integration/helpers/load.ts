import { once } from "node:events";

import autocannon from "autocannon";

/** What came of the requests that were sent while something else happened. */
export interface LoadResult {
  answered: number;
  /** Answers other than 2xx, refused and broken connections, and requests without an answer in 10 s. */
  failed: number;
  /** Seconds after the start at which requests failed, by what the connection said. */
  reasons: Map<string, number[]>;
  /** Milliseconds within which 99 of 100 answers came. */
  p99: number;
}

export interface Load {
  connections: number;
  /** Requests a second, of all connections together. */
  rate: number;
  /** Whether each request has a connection of its own. @default false */
  reconnects?: boolean;
}

/** The longest that one load lasts, in seconds. */
const longest = 60;

/** Keeps sending requests to `url` until the work is done. Rejects when the load ended before the work did. */
export async function underLoad(
  url: string,
  { connections, rate, reconnects = false }: Load,
  work: () => Promise<void>,
): Promise<LoadResult> {
  const run = autocannon(
    { url, connections, overallRate: rate, duration: longest, timeout: 10, ...(reconnects && { reconnectRate: 1 }) },
    () => undefined,
  );
  const reasons = new Map<string, number[]>();
  const begun = Date.now();
  run.on("reqError", ({ message }: Error) => {
    reasons.set(message, [...(reasons.get(message) ?? []), (Date.now() - begun) / 1000]);
  });
  const done = once(run, "done") as Promise<[autocannon.Result]>;
  const first = await Promise.race([done.then(() => "load"), work().then(() => "work")]).finally(() => {
    run.stop();
  });
  if (first === "load") {
    throw new Error(`The load of ${longest} s ended before the work that it was to accompany.`);
  }
  const [result] = await done;
  const { errors, non2xx, latency, "2xx": answered } = result;
  return { answered, failed: errors + non2xx, reasons, p99: latency.p99 };
}

export function describeLoad({ answered, failed, reasons, p99 }: LoadResult): string {
  const said = [...reasons].map(([message, times]) => `${times.length}x ${message} from ${times[0]?.toFixed(1)} s on`);
  return `${answered} answered, ${failed} failed${said.length > 0 ? ` (${said.join(", ")})` : ""}, 99 % within ${p99} ms`;
}
