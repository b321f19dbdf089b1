import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { until } from "../../waiting";

/** When a process started, in clock ticks after boot; undefined when it has ended. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; its parent has not read its exit code.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
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

/** Sends a signal to a process, unless it has ended. */
export function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(pid, name);
    }
  } catch {
    // It ended in the meantime.
  }
}

/** Ends processes with one of `folders` in their command line: containerd's shims outlive a daemon that was killed. */
export async function endLeftovers(folders: string[], graceSeconds = 3): Promise<void> {
  for (const entry of fs.readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !namesOne(commandLine(pid), folders)) {
      continue;
    }
    const started = startTime(pid);
    await endProcess(() => (started !== undefined && startTime(pid) === started ? pid : undefined), graceSeconds);
  }
}

const namesOne = (text: string, folders: string[]): boolean => folders.some((folder) => text.includes(`${folder}/`));

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
