import fs from "node:fs";

/** Whether a process of this machine runs; one that has ended and whose parent has not asked how does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z /s.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
