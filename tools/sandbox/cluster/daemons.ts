import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { until, untilTrue } from "../../waiting";

/** A long-running process of the sandbox. It is detached, so that it outlives the command that starts it. */
export interface Daemon {
  name: string;
  command: string[];
  environment: NodeJS.ProcessEnv;
}

interface ProcessRecord {
  pid: number;
  /** Clock ticks between boot and the process's start: pids are used again, but no two processes share both. */
  started: string;
  command: string[];
}

const recordFile = (folder: string, name: string): string => path.join(folder, "run", `${name}.json`);
export const logFile = (folder: string, name: string): string => path.join(folder, "log", `${name}.log`);

function startTime(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; its parent has not read its exit code.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

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
    env: environment,
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
    fs.writeFileSync(recordFile(folder, name), JSON.stringify(record));
  }
}

/** Seconds that a killed process may take to end: it frees its memory, and may wait for a disk. */
const killSeconds = 10;

/**
 * Asks a process to end, and kills it after `graceSeconds`.
 *
 * @param isAlive the process's pid while it runs, then undefined
 * @throws a `Problem` when the process still runs `killedWithinSeconds` later: it belongs to another user, or waits for
 * a device
 */
export async function endProcess(
  isAlive: () => number | undefined,
  graceSeconds: number,
  killedWithinSeconds = killSeconds,
): Promise<void> {
  const grace = Date.now() + graceSeconds * 1000;
  let pid = isAlive();
  signal(pid, "SIGTERM");
  const look = (): void => {
    pid = isAlive();
    if (pid === undefined) {
      return;
    }
    if (Date.now() > grace) {
      signal(pid, "SIGKILL");
    }
    throw new Error(`process ${pid} runs`);
  };
  const late = (): Problem =>
    new Problem(
      `Process ${pid} of the sandbox still runs ${killedWithinSeconds} s after it was killed`,
      `run \`ps -o pid,user,stat,wchan,args -p ${pid}\` to see what it waits for, and repeat the command once it has ended`,
    );
  await until(look, { seconds: graceSeconds + killedWithinSeconds, pauseMilliseconds: 50, late });
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(pid, name);
    }
  } catch {
    // It ended in the meantime.
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

/** Ends processes with `folder` in their command line: containerd's shims outlive a daemon that was killed. */
export async function endLeftovers(folder: string, graceSeconds = 3): Promise<void> {
  const needle = `${folder}/`;
  for (const entry of fs.readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !commandLine(pid).includes(needle)) {
      continue;
    }
    const started = startTime(pid);
    await endProcess(() => (started !== undefined && startTime(pid) === started ? pid : undefined), graceSeconds);
  }
}

/** Programs that a cluster starts. A user's own programs, such as a kubectl with our kubeconfig, must not be ended. */
const ours = /^(dockerd|docker-proxy|containerd(-shim.*)?|cri-dockerd|kubelet|kube-[a-z-]+|etcd)$/;

function commandLine(pid: number): string {
  try {
    // A shell or an editor with a file of the folder is not ours.
    const [program = "", ...args] = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return ours.test(path.basename(program)) ? args.join("\n") : "";
  } catch {
    return "";
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
  const failed = (what: string): Problem =>
    new Problem(
      `The sandbox's ${daemon} ${what}`,
      `read its log, ${logFile(folder, daemon)}`,
      lastLines(folder, daemon),
    );
  const look = async (): Promise<boolean> => {
    const holds = await check();
    if (!holds && runningPid(folder, daemon) === undefined) {
      throw failed("ended");
    }
    return holds;
  };
  await untilTrue(look, { seconds: timeoutSeconds, late: () => failed(`was not ready after ${timeoutSeconds} s`) });
}
