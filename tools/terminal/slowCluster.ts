import { askedContext } from "../../components/kubernetes/underway";
import { isStepRunning } from "./progress";

/** How often a line is shown, in looks of a second each; a loop that asks now and then is seldom seen asking. */
const looksPerLine = 8;

/**
 * Says every few seconds that a cluster is waited for, where a command shows no step: a slow one would look like a
 * command that hangs.
 *
 * @param milliseconds between two looks
 * @returns what ends it; it keeps no process alive
 */
export function noteSlowCluster(
  write: (line: string) => void = (line) => void process.stderr.write(line),
  milliseconds = 1000,
): () => void {
  let busy = 0;
  const timer = setInterval(() => {
    const context = askedContext();
    busy = context === undefined || isStepRunning() ? 0 : busy + 1;
    if (context !== undefined && busy > 0 && busy % looksPerLine === 0) {
      write(`  … waiting for the cluster of kube context "${context.name}" (${busy} s)\n`);
    }
  }, milliseconds);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
