import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until a condition holds.
 *
 * @param what what is waited for, for the error
 * @param limitSeconds by default 60: longer than a loaded machine takes, and less than a unit test may
 * @throws when it does not hold within that time, and what the condition throws
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitSeconds = 60,
): Promise<void> {
  const deadline = Date.now() + limitSeconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`Waited ${limitSeconds} s in vain until ${what}`);
    }
    await sleep(5);
  }
}
