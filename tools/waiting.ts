import retry from "async-retry";

/** Thrown by a look to end its wait at once: what is waited for will not come. */
export class Hopeless extends Error {
  /** `async-retry` passes on an error that has this. */
  readonly bail = true;

  /** @param error what the wait throws */
  constructor(readonly error: Error) {
    super(error.message);
  }
}

export interface Wait {
  /** Seconds after which the wait ends; a look that has begun is not cut off. */
  seconds: number;
  /** Milliseconds between two looks. @default 100 */
  pauseMilliseconds?: number;
  /** Makes the error of a wait that was too long from the last look's. @default says how long the wait was, and why */
  late?: (reason: Error) => Error;
}

/**
 * Repeats a look until it succeeds: while it throws, what is waited for does not hold yet.
 *
 * @param look is given a signal that is aborted when the time is up, such as for `fetch`
 * @returns what the look returns
 * @throws what `late` makes of the last reason, or the error of a `Hopeless`
 */
export async function until<T>(
  look: (deadline: AbortSignal) => T | Promise<T>,
  { seconds, pauseMilliseconds = 100, late = tooLong(seconds) }: Wait,
): Promise<T> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  let reason: Error | undefined;
  const lookOnce = async (): Promise<T> => {
    try {
      return await look(deadline);
    } catch (error) {
      // What the deadline cut off says less than the look before it.
      reason = deadline.aborted && reason !== undefined ? reason : (error as Error);
      throw deadline.aborted && !(error instanceof Hopeless) ? new Hopeless(late(reason)) : error;
    }
  };
  const timeouts = { minTimeout: pauseMilliseconds, maxTimeout: pauseMilliseconds, factor: 1, randomize: false };
  try {
    return await retry(lookOnce, { forever: true, ...timeouts });
  } catch (error) {
    throw error instanceof Hopeless ? error.error : error;
  }
}

function tooLong(seconds: number): (reason: Error) => Error {
  return (reason) => new Error(`still not so after ${seconds} s: ${reason.message}`, { cause: reason });
}

/** Waits until a check returns true. Throws at once what the check throws. */
export async function untilTrue(check: () => boolean | Promise<boolean>, wait: Wait): Promise<void> {
  await until(async () => {
    if (!(await (async () => await check())().catch(giveUp))) {
      throw new Error("the check is false");
    }
  }, wait);
}

/** Ends a wait with an error: `await ask().catch(giveUp)`. */
export function giveUp(error: unknown): never {
  throw new Hopeless(error as Error);
}
