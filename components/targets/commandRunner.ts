import execa from "execa";

/** What a command printed and how it ended. */
export interface CommandResult {
  /** 0 for success; undefined when it could not be started, did not end in time or was killed. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Why it has no exit code. */
  failure?: "not found" | "timed out" | "killed";
}

/** Runs a command of a tool on PATH, never through a shell. The program's only way to ask other programs. */
export type CommandRunner = (file: string, args: string[]) => Promise<CommandResult>;

/** A runner whose commands have nothing to read, and are ended after `timeoutSeconds`. */
export const commandRunner =
  (timeoutSeconds: number): CommandRunner =>
  async (file, args) => {
    const command = execa(file, args, { reject: false, stdin: "ignore" });
    // Not execa's `timeout`: Node.js keeps its timer, and with it this process, after a command that was not found.
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    deadline.addEventListener("abort", () => command.kill());
    const result = await command;
    const { stdout, stderr } = result;
    if (result.killed && deadline.aborted) {
      return { exitCode: undefined, stdout, stderr, failure: "timed out" };
    }
    if (result.killed || result.signal !== undefined) {
      return { exitCode: undefined, stdout, stderr, failure: "killed" };
    }
    // For a command that could not be started execa's result is the error itself, without an exit code.
    return (result.exitCode as number | undefined) === undefined
      ? { exitCode: undefined, stdout: "", stderr: "", failure: "not found" }
      : { exitCode: result.exitCode, stdout, stderr };
  };

/** The program's own: ends a command after 20 s. */
export const runCommand = commandRunner(20);
