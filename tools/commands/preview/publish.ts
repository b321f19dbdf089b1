import fs from "node:fs";

export interface Destinations {
  /** File for the summary. @default standard output */
  output?: string | undefined;
  /** File for the summary of a GitHub workflow run, which is appended to. @default there is none */
  jobSummary?: string | undefined;
}

/**
 * Writes a summary to a file or to standard output, and appends it to a workflow run's own summary.
 *
 * @param print writes to standard output
 */
export function publish(
  summary: string,
  { output, jobSummary }: Destinations,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  if (output === undefined) {
    print(summary);
  } else {
    fs.writeFileSync(output, summary);
  }
  if (jobSummary) {
    fs.appendFileSync(jobSummary, summary);
  }
}
