import execa, { type ExecaChildProcess, type Options } from "execa";

import { Problem } from "../../components/problem";
import { errorsIn } from "./errorText";

/** Where the Pulumi CLI runs, and for which stack. */
export interface PulumiCall {
  /** Folder with the Pulumi.yaml. */
  folder: string;
  /** The whole environment: the CLI inherits nothing from this process. */
  environment: NodeJS.ProcessEnv;
  /** @default the command names its stack itself, or needs none */
  stack?: string;
  /** @default Pulumi.<stack>.yaml in the folder */
  configFile?: string;
}

/** Flags of a run whose output is read by a program. */
const captured = ["--non-interactive", "--color", "never"];

/** A run whose output is captured, as the arguments of a function that runs commands. */
export function pulumiCommand(
  command: readonly string[],
  call: PulumiCall,
): [file: "pulumi", args: string[], options: { folder: string; environment: NodeJS.ProcessEnv }] {
  const { folder, environment } = call;
  return ["pulumi", [...pulumiArgs(command, call), ...captured], { folder, environment }];
}

/** Starts the CLI with a part of this process's terminal, or what else `options` say; the process never rejects. */
export function startPulumi(command: readonly string[], call: PulumiCall, options: Options): ExecaChildProcess {
  return execa("pulumi", pulumiArgs(command, call), {
    cwd: call.folder,
    env: call.environment,
    extendEnv: false,
    reject: false,
    ...options,
  });
}

/**
 * Asks the CLI a question, and returns what it prints on standard output.
 *
 * @param input what it reads on standard input. @default nothing
 * @throws a `Problem` with the CLI's own error when it fails
 */
export async function askPulumi(command: readonly string[], call: PulumiCall, input?: string): Promise<string> {
  const { exitCode, signal, stdout, stderr } = await startPulumi([...command, ...captured], call, {
    maxBuffer: 1e9,
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  if (exitCode !== 0) {
    // A failure without a word: the CLI could not be started, or was killed.
    const output = stderr || (signal === undefined ? "pulumi is not on PATH" : `ended by ${signal}`);
    throw pulumiFailed(command, call, errorsIn({ stdout, output }));
  }
  return stdout;
}

/** Why a command failed, with the CLI's errors. */
export function pulumiFailed(
  command: readonly string[],
  { stack }: Pick<PulumiCall, "stack">,
  errors: string[],
): Problem {
  const words = command.filter((each) => !each.startsWith("-"));
  const failed = ["`pulumi", ...words, ...(stack === undefined ? [] : ["--stack", stack])].join(" ") + "` failed";
  return new Problem(
    failed,
    undefined,
    errors.flatMap((error) => error.split("\n")),
  );
}

function pulumiArgs(command: readonly string[], { stack, configFile }: PulumiCall): string[] {
  return [
    ...command,
    ...(stack === undefined ? [] : ["--stack", stack]),
    ...(configFile === undefined ? [] : ["--config-file", configFile]),
  ];
}
