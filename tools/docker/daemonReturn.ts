import { setTimeout } from "node:timers/promises";

import { daemonIn, silenceOf } from "./daemonWatch";

/** A Docker daemon that does not answer. */
export interface AwayDaemon {
  /** Such as unix:///var/run/docker.sock. */
  host: string;
  /** Why, such as ECONNREFUSED. */
  reason: string;
}

/** The daemon that an environment names for the docker CLI, when it does not answer. */
export async function awayDaemon(environment: NodeJS.ProcessEnv): Promise<AwayDaemon | undefined> {
  const address = daemonIn(environment);
  const reason = address && (await silenceOf(address));
  return address === undefined || reason === undefined ? undefined : { host: address.host, reason };
}

/**
 * Resolves when a daemon answers; rejects when the wait is aborted.
 *
 * @param ask finds the daemon and asks it; rejects while it does not answer. Where several sockets are common, nobody
 * knows at which one it comes back
 */
export async function untilDaemonAnswers(
  ask: () => Promise<unknown>,
  signal: AbortSignal,
  pauseMilliseconds = 1000,
): Promise<void> {
  const answers = async (): Promise<boolean> =>
    await ask().then(
      () => true,
      () => false,
    );
  while (!(await answers())) {
    await setTimeout(pauseMilliseconds, undefined, { signal });
  }
  signal.throwIfAborted();
}
