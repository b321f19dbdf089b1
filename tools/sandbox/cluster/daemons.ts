import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { untilTrue } from "../../waiting";
import { writeWhole } from "../../wholeFile";
import { endProcess, signal, startTime } from "./processes";

/** A long-running process of the sandbox. It is detached, so that it outlives the command that starts it. */
export interface Daemon {
  name: string;
  command: string[];
  /** It gets those of these variables that `daemonVariables` lets through. */
  environment: NodeJS.ProcessEnv;
}

const passed =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TMPDIR|DOCKER_CONFIG|SSL_CERT_(FILE|DIR)|(HTTPS?|ALL|NO)_PROXY)$/i;

/** What a daemon needs of an environment: it outlives the command that starts it, whose user's secrets are not for it. */
export function daemonVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => passed.test(name)));
}

interface ProcessRecord {
  pid: number;
  /** Clock ticks between boot and the process's start: pids are used again, but no two processes share both. */
  started: string;
  command: string[];
}

const recordFile = (folder: string, name: string): string => path.join(folder, "run", `${name}.json`);
export const logFile = (folder: string, name: string): string => path.join(folder, "log", `${name}.log`);

function readRecord(folder: string, name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(fs.readFileSync(recordFile(folder, name), "utf8")) as ProcessRecord;
  } catch {
    return undefined;
  }
}

/** The pid of a daemon, or undefined when it does not run; another process with the same pid does not count. */
export function runningPid(folder: string, name: string): number | undefined {
  const record = readRecord(folder, name);
  return record && startTime(record.pid) === record.started ? record.pid : undefined;
}

/** Starts a daemon; its output goes to `log/<name>.log`. */
export function startDaemon(folder: string, { name, command, environment }: Daemon): void {
  fs.mkdirSync(path.join(folder, "run"), { recursive: true });
  fs.mkdirSync(path.join(folder, "log"), { recursive: true });
  const log = fs.openSync(logFile(folder, name), "w");
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: folder,
    env: daemonVariables(environment),
    detached: true,
    stdio: ["ignore", log, log],
  });
  fs.closeSync(log);
  child.on("error", ({ message }) => {
    // A process that could not be started never becomes ready, and `waitFor` shows the log's last lines.
    fs.appendFileSync(logFile(folder, name), message);
  });
  child.unref();
  if (child.pid !== undefined) {
    const record: ProcessRecord = { pid: child.pid, started: startTime(child.pid) ?? "", command };
    writeWhole(recordFile(folder, name), JSON.stringify(record));
  }
}

/** Stops a daemon and deletes its record; a daemon that does not run is no error. */
export async function stopDaemon(folder: string, name: string, graceSeconds = 10): Promise<void> {
  await endProcess(() => runningPid(folder, name), graceSeconds);
  fs.rmSync(recordFile(folder, name), { force: true });
}

/** Kills a daemon, and waits until it has ended. */
export async function killDaemon(folder: string, name: string): Promise<void> {
  signal(runningPid(folder, name), "SIGKILL");
  await stopDaemon(folder, name, 0);
}

/** Stops a daemon that was started in `folder`, and starts it with the same command once `meanwhile` has resolved. */
export async function restartDaemon(
  folder: string,
  name: string,
  environment: NodeJS.ProcessEnv,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const record = readRecord(folder, name);
  if (record === undefined) {
    throw new Problem(`The sandbox in ${folder} has no ${name}`, "run `npm run up -- sandbox`");
  }
  await stopDaemon(folder, name);
  try {
    await meanwhile();
  } finally {
    startDaemon(folder, { name, command: record.command, environment });
  }
}

/** The last lines of a daemon's log, for an error message; none without a log. */
export function lastLines(folder: string, name: string, count = 3): string[] {
  try {
    return fs.readFileSync(logFile(folder, name), "utf8").trimEnd().split("\n").slice(-count);
  } catch {
    return [];
  }
}

/**
 * Waits until `check` holds.
 *
 * @throws a `Problem` when the daemon that should make it true has ended, or after `timeoutSeconds`
 */
export async function waitFor(
  folder: string,
  daemon: string,
  check: () => Promise<boolean>,
  timeoutSeconds = 60,
): Promise<void> {
  const failed = (what: string): Problem => {
    const help = `read its log, ${logFile(folder, daemon)}`;
    return new Problem(`The sandbox's ${daemon} ${what}`, help, lastLines(folder, daemon));
  };
  const look = async (): Promise<boolean> => {
    const holds = await check();
    if (!holds && runningPid(folder, daemon) === undefined) {
      throw failed("ended");
    }
    return holds;
  };
  await untilTrue(look, { seconds: timeoutSeconds, late: () => failed(`was not ready after ${timeoutSeconds} s`) });
}
