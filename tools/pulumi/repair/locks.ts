import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { type CommandRunner, runCommand } from "../../../components/targets/commandRunner";
import { Problem } from "../../../components/problem";

/** A lock on a stack whose state is in a folder. */
export interface Lock {
  file: string;
  /** Undefined when a killed process had not finished writing it. */
  content: { pid: number; username: string; hostname: string; timestamp: string } | undefined;
}

/** Whether a lock's process runs: `elsewhere` is another machine, which cannot be asked. */
export type Holder = "gone" | "running" | "elsewhere";

const attributes = ".attrs";

/** The locks on a stack. */
export function readLocks(stateFolder: string, project: string, stack: string): Lock[] {
  const folder = path.join(stateFolder, "locks", "organization", project, stack);
  if (!fs.existsSync(folder)) {
    return [];
  }
  // Each file has another beside it with its attributes, which is removed together with it.
  const names = fs.readdirSync(folder).filter((name) => !name.endsWith(attributes));
  return names.map((name) => {
    const file = path.join(folder, name);
    return { file, content: parse(fs.readFileSync(file, "utf8")) };
  });
}

function parse(text: string): Lock["content"] {
  try {
    return JSON.parse(text) as NonNullable<Lock["content"]>;
  } catch {
    return undefined;
  }
}

/** Finds out whether the process that holds a lock still runs. */
export async function holderOf(
  { content }: Lock,
  hostname = os.hostname(),
  programOf = programOnThisMachine,
): Promise<Holder> {
  if (content === undefined) {
    return "gone";
  }
  if (content.hostname !== hostname) {
    return "elsewhere";
  }
  // By now the pid may belong to another program.
  return /pulumi/.test((await programOf(content.pid)) ?? "") ? "running" : "gone";
}

/** Name of the program that a process runs; undefined when there is no such process. */
async function programOnThisMachine(pid: number, run: CommandRunner = runCommand): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") {
      return undefined;
    }
  }
  if (process.platform === "linux") {
    try {
      const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
      // A zombie has ended.
      return /^State:\tZ/m.test(status) ? undefined : /^Name:\t(.*)$/m.exec(status)?.[1];
    } catch {
      return undefined;
    }
  }
  const { exitCode, stdout } = await run("ps", ["-o", "comm=", "-p", String(pid)]);
  // Without `ps` it may be Pulumi.
  return exitCode === undefined ? "pulumi" : stdout;
}

/**
 * Removes the locks whose process is gone.
 *
 * @returns one line about each
 * @throws a `Problem` for a lock whose process runs, or may run on another machine
 */
export async function removeStaleLocks(
  locks: Lock[],
  stack: string,
  findHolder: (lock: Lock) => Promise<Holder> = holderOf,
): Promise<string[]> {
  const lines: string[] = [];
  for (const lock of locks) {
    const holder = await findHolder(lock);
    if (holder !== "gone") {
      throw describeLock(lock, holder, stack);
    }
    for (const file of [lock.file, lock.file + attributes]) {
      fs.rmSync(file, { force: true });
    }
    lines.push(describeLock(lock, holder, stack).message);
  }
  return lines;
}

/** What a lock means: an error where its process runs, or may run. */
export function describeLock({ file, content }: Lock, holder: Holder, stack: string): Problem {
  if (content === undefined) {
    return new Problem(`A killed process left an unfinished lock of stack ${stack}`);
  }
  const { pid, username, hostname, timestamp } = content;
  const since = new Date(timestamp).toLocaleString("sv");
  switch (holder) {
    case "gone":
      return new Problem(`Process ${pid}, which was killed, left the lock of stack ${stack} since ${since}`);
    case "running":
      return new Problem(
        `Stack ${stack} is being changed by process ${pid} of user ${username} since ${since}`,
        `wait until it ends, or end it with \`kill -INT ${pid}\``,
      );
    case "elsewhere":
      return new Problem(
        `Stack ${stack} is locked by process ${pid} of user ${username} on ${hostname} since ${since}`,
        `if that process no longer runs, run \`rm ${path.relative(process.cwd(), file)}\``,
      );
  }
}
