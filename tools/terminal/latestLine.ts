import type { Readable } from "node:stream";

import type { Progress } from "./progress";

/** The most of an unfinished output that is kept to find its last line, in characters. */
const kept = 2_000;

/** The last line of a text that is not empty, without white space around it; "" where there is none. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

/**
 * Shows the latest line that a subprocess prints.
 *
 * @param output the stream to read: execa's `all` for standard output and error, in order
 * @param progress gets the latest line each time that something is printed; never an empty one
 */
export function showLatestLine(output: Readable | undefined, progress: Progress): void {
  let end = "";
  output?.setEncoding("utf8").on("data", (text: string) => {
    // A line may arrive in several pieces.
    end = (end + text).slice(-kept);
    const line = lastLine(end);
    if (line !== "") {
      progress.detail(line);
    }
  });
}
