import { once, setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import autocannon from "autocannon";

import { getPage } from "./steadyLoad";

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

/** The longest that one load lasts, in seconds: an update of a version that does not start may take minutes. */
const longest = 300;

/** How long a request may take, in seconds. */
const patience = 10;

/**
 * Keeps sending requests to `url` until the work is done. Rejects when the load ended before the work did, or nothing was
 * answered.
 */
export async function underLoad(url: string, load: Load, work: () => Promise<void>): Promise<LoadResult> {
  const sending = load.reconnects === true ? reconnecting(url, load) : keptOpen(url, load);
  const first = await Promise.race([sending.result.then(() => "load"), work().then(() => "work")]).finally(
    sending.stop,
  );
  if (first === "load") {
    throw new Error(`The load of ${longest} s ended before the work that it was to accompany.`);
  }
  const result = await sending.result;
  if (result.answered === 0) {
    throw new Error(`No request to ${url} was answered: ${describeLoad(result)}`);
  }
  return result;
}

/** A load that is being sent. */
interface Sending {
  result: Promise<LoadResult>;
  stop: () => void;
}

/** Why requests failed, and when. */
class Failures {
  readonly reasons = new Map<string, number[]>();
  private readonly begun = Date.now();

  add(reason: string): void {
    this.reasons.set(reason, [...(this.reasons.get(reason) ?? []), (Date.now() - this.begun) / 1000]);
  }
}

function keptOpen(url: string, { connections, rate }: Load): Sending {
  const run = autocannon(
    { url, connections, overallRate: rate, duration: longest, timeout: patience },
    () => undefined,
  );
  const failures = new Failures();
  run.on("reqError", ({ message }: Error) => {
    failures.add(message);
  });
  const result = (once(run, "done") as Promise<[autocannon.Result]>).then(
    ([{ errors, non2xx, latency, "2xx": answered }]) => ({
      answered,
      failed: errors + non2xx,
      reasons: failures.reasons,
      p99: latency.p99,
    }),
  );
  return {
    result,
    stop: () => {
      run.stop();
    },
  };
}

/** Autocannon counts no answer of a connection that it ends itself. */
function reconnecting(url: string, { connections, rate }: Load): Sending {
  const failures = new Failures();
  const stopping = new AbortController();
  setMaxListeners(connections, stopping.signal);
  const end = Date.now() + longest * 1000;
  const latencies: number[] = [];
  let failed = 0;
  const send = async (): Promise<void> => {
    const begun = Date.now();
    const trouble = await getPage(url, patience * 1000);
    if (trouble === undefined) {
      latencies.push(Date.now() - begun);
    } else {
      failed++;
      failures.add(trouble);
    }
  };
  const client = async (index: number): Promise<void> => {
    const pause = (connections / rate) * 1000;
    // The clients begin one after the other, as those of a page do.
    for (let next = Date.now() + (index / connections) * pause; next < end; next += pause) {
      await sleep(Math.max(0, next - Date.now()), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) {
        return;
      }
      await send();
    }
  };
  const result = Promise.all(Array.from({ length: connections }, (_, index) => client(index))).then(() => ({
    answered: latencies.length,
    failed,
    reasons: failures.reasons,
    p99: latencies.sort((one, other) => one - other)[Math.floor(latencies.length * 0.99)] ?? 0,
  }));
  return {
    result,
    stop: () => {
      stopping.abort();
    },
  };
}

export function describeLoad({ answered, failed, reasons, p99 }: LoadResult): string {
  const said = [...reasons].map(([message, times]) => `${times.length}x ${message} from ${times[0]?.toFixed(1)} s on`);
  return `${answered} answered, ${failed} failed${said.length > 0 ? ` (${said.join(", ")})` : ""}, 99 % within ${p99} ms`;
}
