import { setTimeout } from "node:timers/promises";

/**
 * Gives results as they come: those that come close together at once, and nobody waits for the slowest.
 *
 * @param work none of which rejects
 * @param milliseconds for which others are waited for once there is a result
 */
export async function* together<T>(work: readonly Promise<T>[], milliseconds: number): AsyncGenerator<T[]> {
  const done: T[] = [];
  const pending = new Set<Promise<void>>();
  for (const each of work) {
    const held = each.then((result) => {
      done.push(result);
      pending.delete(held);
    });
    pending.add(held);
  }
  while (pending.size > 0) {
    await Promise.race(pending);
    const over = new AbortController();
    const pause = setTimeout(milliseconds, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all(pending), pause]);
    over.abort();
    yield done.splice(0);
  }
}
