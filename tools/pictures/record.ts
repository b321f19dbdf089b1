import execa, { type ExecaChildProcess } from "execa";

import { RunningCommand } from "../terminal/runningCommand";
import { screenSize } from "./screen";

/** What a command printed on a terminal, with all control characters, in pieces as they came. */
export interface Recording {
  exitCode: number;
  /** Text, and the milliseconds from the command's start to it. */
  pieces: { at: number; text: string }[];
}

/** All that was printed. */
export const outputOf = ({ pieces }: Pick<Recording, "pieces">): string => pieces.map(({ text }) => text).join("");

/** Where a command is run. */
export interface Place {
  folder: string;
  environment: NodeJS.ProcessEnv;
}

/** A command on a pseudo-terminal, which is recorded. */
export class Recorded {
  private readonly pieces: Recording["pieces"] = [];
  private readonly running: RunningCommand;

  constructor(command: string, place: Place) {
    const start = performance.now();
    const child = onTerminal(command, place);
    this.running = new RunningCommand(child);
    child.all?.on("data", (text: string) => this.pieces.push({ at: performance.now() - start, text }));
  }

  /** Waits until a text is printed after the one that was waited for last. */
  async until(text: string): Promise<void> {
    await this.running.until(text);
  }

  /** Waits for the end of the command. */
  async recording(): Promise<Recording> {
    const { exitCode } = await this.running.child;
    return { exitCode, pieces: this.pieces };
  }

  /** Presses Ctrl-C. */
  interrupt(): void {
    this.running.child.stdin?.write("\u0003");
  }
}

function onTerminal(command: string, { folder, environment }: Place): ExecaChildProcess {
  const shell = `stty cols ${screenSize.columns} rows ${screenSize.rows}; exec ${command}`;
  return execa("script", ["--quiet", "--return", "--command", shell, "/dev/null"], {
    cwd: folder,
    env: { ...environment, TERM: "xterm-256color" },
    extendEnv: false,
    reject: false,
    all: true,
    buffer: false,
  });
}

/** Runs a command on a pseudo-terminal to its end. */
export async function record(command: string, place: Place): Promise<Recording> {
  return await new Recorded(command, place).recording();
}
