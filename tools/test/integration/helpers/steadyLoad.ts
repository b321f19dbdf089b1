import assert from "node:assert/strict";
import http from "node:http";

/** What came of GETs that began in one stretch of time. */
export interface Stretch {
  answered: number;
  /** Those of `answered` that needed more than one try. */
  repeated: number;
  lost: number;
  /** What was met with instead of an answer, and how often. */
  troubles: Map<string, number>;
  /** Seconds after the incident at which the last one began that was not answered at once; 0 for none. */
  lastTrouble: number;
}

export interface SteadyLoad {
  workers: number;
  /** Milliseconds between two GETs of a worker. */
  pause: number;
  /** Seconds that the whole load lasts, at most 60. */
  seconds: number;
}

/** Milliseconds until a GET counts as lost, or is tried again: after the incident a slow answer is no lost one. */
const timeouts = { before: 10_000, within: 1000, after: 10_000 };

/**
 * Sends GETs to `url`, each over a connection of its own, and calls `incident` after two seconds.
 *
 * Those that begin within `grace` seconds of it are tried again until that long after they began, and all others once.
 */
export async function loadAround(
  url: string,
  { workers, pause, seconds }: SteadyLoad,
  grace: number,
  incident: () => Promise<void>,
): Promise<Record<"before" | "within" | "after", Stretch>> {
  const empty = (): Stretch => ({ answered: 0, repeated: 0, lost: 0, troubles: new Map(), lastTrouble: 0 });
  const stretches = { before: empty(), within: empty(), after: empty() };
  const end = Date.now() + Math.min(seconds, 60) * 1000;
  let happened = Infinity;

  const getOnce = async (): Promise<void> => {
    const begun = Date.now();
    const isWithin = begun >= happened && begun < happened + grace * 1000;
    const when = begun < happened ? "before" : isWithin ? "within" : "after";
    const stretch = stretches[when];
    for (let tries = 1; ; tries++) {
      const trouble = await getPage(url, timeouts[when]);
      if (trouble === undefined) {
        stretch.answered++;
        stretch.repeated += tries > 1 ? 1 : 0;
        return;
      }
      stretch.troubles.set(trouble, (stretch.troubles.get(trouble) ?? 0) + 1);
      stretch.lastTrouble = Math.max(stretch.lastTrouble, (begun - happened) / 1000);
      // One that was under way when it happened belongs to those within.
      const mayRepeat = isWithin || (begun < happened && Date.now() >= happened);
      if (!mayRepeat || Date.now() >= Math.max(begun, happened) + grace * 1000) {
        stretch.lost++;
        return;
      }
    }
  };
  const work = async (): Promise<void> => {
    while (Date.now() < end) {
      await getOnce();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  const load = Promise.all(Array.from({ length: workers }, work));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  happened = Date.now();
  await incident();
  await load;
  return stretches;
}

/**
 * Below those that the system gives out. None is used twice: a node remembers for two minutes which pod it sent a
 * connection to, and sends the next one from the same address and port to it again, dead or not.
 */
const ports = { next: 20_000, end: 30_000 };

/**
 * Sends a GET over a connection of its own.
 *
 * @param timeout milliseconds within which the whole answer has to come
 * @returns what was met with instead of an answer of 200; undefined for none
 */
export async function getPage(url: string, timeout: number): Promise<string | undefined> {
  const localPort = ports.next++;
  assert.ok(localPort < ports.end, "the load has used all of its ports");
  const trouble = await new Promise<string | undefined>((resolve) => {
    const request = http.get(url, { agent: false, localPort }, (response) => {
      response.resume();
      response.on("end", () => {
        resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`);
      });
      response.on("error", (error) => {
        resolve(error.message);
      });
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    request.on("close", () => {
      clearTimeout(timer);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
  // Somebody listens there: nothing was sent.
  return trouble === "EADDRINUSE" ? await getPage(url, timeout) : trouble;
}

export const describeStretches = (stretches: Record<"before" | "within" | "after", Stretch>): string =>
  [
    ...Object.entries(stretches).map(([when, { answered, repeated, lost, troubles }]) => {
      const met = [...troubles].map(([trouble, times]) => `${times}x ${trouble}`).join(", ");
      return `${when}: ${answered} answered, ${repeated} repeated, ${lost} lost${met && ` (${met})`}`;
    }),
    `last trouble ${Math.max(stretches.within.lastTrouble, stretches.after.lastTrouble).toFixed(1)} s after it`,
  ].join("; ");
