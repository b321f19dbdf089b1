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

/** Resolves when that daemon answers; rejects when the wait is aborted. */
export async function untilDaemonAnswers(
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  pauseMilliseconds = 1000,
): Promise<void> {
  while ((await awayDaemon(environment)) !== undefined) {
    await setTimeout(pauseMilliseconds, undefined, { signal });
  }
  signal.throwIfAborted();
}
