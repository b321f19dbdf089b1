import type { Place } from "../rollout/kubernetes";
import { linesSoFar, type LogPart } from "./containerLog";
import { keyOf } from "./followLogs";
import type { LogLine, LogSource } from "./logLine";

/** A line, and whose it is. */
export interface SourcedLine {
  line: LogLine;
  source: LogSource;
}

/** What several containers printed last. */
export interface LatestLines {
  /** In the order in which they were printed. */
  lines: SourcedLine[];
  /** Time of each container's last line, by its key, from where `followLogs` goes on. */
  known: Map<string, string>;
}

/** The last lines of some containers. */
export async function latestLines(place: Place, sources: readonly LogSource[], part: LogPart): Promise<LatestLines> {
  // A line tells where to go on, also where none is wanted.
  const asked = part.tail === 0 ? { ...part, tail: 1 } : part;
  const known = new Map<string, string>();
  const found = await Promise.all(
    sources.map(async (source) => {
      const lines = (await linesSoFar(place, source, asked)) ?? [];
      const last = lines.at(-1);
      if (last !== undefined && part.previous !== true) {
        known.set(keyOf(source), last.time);
      }
      return part.tail === 0 ? [] : lines.map((line) => ({ line, source }));
    }),
  );
  const lines = found.flat();
  return { lines: lines.sort((a, b) => compare(a.line.time, b.line.time)), known };
}

/** As times sort, whatever the user's language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
