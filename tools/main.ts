import { CommanderError } from "commander";

import { adviseNpmRun } from "../components/advice";
import { commandLine } from "./commandLine";
import { tellLostOutput } from "./terminal/lostOutput";
import { showError } from "./terminal/showError";
import { noteSlowCluster } from "./terminal/slowCluster";

/** Runs one command of `npm run`. Sets the exit code to 1 for a failure, and shows the failure on standard error. */
export async function main(args: string[]): Promise<void> {
  tellLostOutput();
  adviseNpmRun();
  reachOwnProcesses();
  noteSlowCluster();
  try {
    await commandLine().parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the help, or what is wrong with the arguments.
      process.exitCode = error.exitCode;
      return;
    }
    showError(error);
    process.exitCode = 1;
  }
}

/** Pulumi's SDK would ask a proxy of the shell for its engine, which is a process of this machine. */
function reachOwnProcesses(): void {
  process.env["no_grpc_proxy"] ??= "127.0.0.1,localhost,::1";
}
