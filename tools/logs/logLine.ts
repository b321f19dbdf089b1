import type { Pod } from "../rollout/kubernetes";

/** A line that a container printed. */
export interface LogLine {
  /** When, in ISO 8601 and UTC with nanoseconds, so that texts sort as times do; "" where the cluster does not say. */
  time: string;
  text: string;
}

/** Where a line comes from. */
export interface LogSource {
  pod: Pod;
  /** Name of the container. */
  container: string;
}

/** Reads a line of a log that was asked for with `timestamps`. */
export function readLogLine(line: string): LogLine {
  const [, stamp = "", text = ""] = /^(\S+) ?(.*)$/s.exec(line) ?? [];
  const time = inUtc(stamp);
  return time === undefined ? { time: "", text: withoutReturn(line) } : { time, text: withoutReturn(text) };
}

/** Nodes write the time of their own zone. */
function inUtc(stamp: string): string | undefined {
  const [, seconds = "", fraction = "", zone = ""] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(stamp) ?? [];
  if (seconds === "") {
    return undefined;
  }
  const inZone = zone === "Z" ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, seconds.length);
  return `${inZone}.${fraction.padEnd(9, "0")}Z`;
}

const withoutReturn = (text: string): string => text.replace(/\r$/, "");
