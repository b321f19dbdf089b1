import { Problem } from "../../components/problem";
import { machineHelp, showError } from "./showError";
import { systemReason } from "../systemReason";

/**
 * Says once that standard output cannot be written, such as to a full disk, and makes the exit code 1. Without it the
 * process would end in the middle of its work. That nobody reads any more, as after `| head`, is no failure; of standard
 * error nothing can be said.
 */
export function tellLostOutput(): void {
  process.stderr.on("error", () => undefined);
  let isTold = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    const { code = "" } = error;
    if (code === "EPIPE" || isTold) {
      return;
    }
    isTold = true;
    showError(new Problem(`Standard output cannot be written (${systemReason(error)})`, machineHelp[code]));
    process.once("exit", () => {
      process.exitCode ||= 1;
    });
  });
}
