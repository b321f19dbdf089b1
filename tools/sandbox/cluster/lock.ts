import { spawn } from "node:child_process";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { step } from "../../terminal/progress";

/** Only root writes here, so nobody else can hold a lock; the sandbox's interfaces and rules are the machine's, too. */
const folder = "/run";

/** Milliseconds after which it is shown that a lock is waited for. */
const shownAfter = 500;

/**
 * Works while no other process of this machine holds the lock of that name. The kernel frees a lock with the process
 * that holds it, also with one that is killed.
 *
 * @param name what is started or stopped
 * @param file where the lock is; @default in /run
 * @throws what `work` throws
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  file = path.join(folder, `kubernetes-django-${name}.lock`),
): Promise<T> {
  const lock = hold(file);
  try {
    const isHeld = lock.held.then(() => true);
    const isLate = new Promise<false>((resolve) => setTimeout(resolve, shownAfter, false).unref());
    if (!(await Promise.race([isHeld, isLate]))) {
      await step("Waiting for another command, which starts or stops the sandbox", async () => {
        await lock.held;
      });
    }
    return await work();
  } finally {
    await lock.release();
  }
}

/** A process that waits for the lock, and keeps it until its input ends, as it does when this process dies. */
function hold(file: string): { held: Promise<void>; release: () => Promise<void> } {
  const holder = spawn("flock", ["--exclusive", file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C in the terminal must not take the lock from work that goes on.
    detached: true,
  });
  // It is gone where `flock` is not there.
  holder.stdin.on("error", () => undefined);
  let said = "";
  holder.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => holder.once("close", resolve).once("error", resolve));
  const held = new Promise<void>((resolve, reject) => {
    holder.stdout.once("data", resolve);
    const fail = (reason: string): void => {
      reject(
        new Problem(
          `The lock ${file} cannot be taken (${reason})`,
          "install the package util-linux, which has `flock`",
        ),
      );
    };
    holder.once("error", ({ message }) => {
      fail(message);
    });
    holder.once("close", () => {
      fail(said.trim());
    });
  });
  // It may fail while nothing waits for it any more.
  held.catch(() => undefined);
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  return { held, release };
}
