import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { cacheFolder } from "../../../components/targets/sandbox";

/** How long a host that did not answer is not asked again, in milliseconds: 1 hour. */
const silence = 3_600_000;

const asked = new Map<string, Promise<string | undefined>>();

/**
 * Why a server cannot be reached, or undefined when it sends any response.
 *
 * Each process asks a server once. Behind a firewall that drops packets, asking takes the whole patience, so the next
 * processes are spared it for an hour. A server that refuses, or has no address, fails at once: each process asks again.
 *
 * @param origin the server with its protocol: `https://get.pulumi.com`
 * @param patience how long to wait for a response, in milliseconds; @default 5 s
 */
export function whyUnreachable(origin: string, patience = 5_000): Promise<string | undefined> {
  const known = asked.get(origin);
  if (known) return known;
  const answer = ask(origin, patience);
  asked.set(origin, answer);
  return answer;
}

async function ask(origin: string, patience: number): Promise<string | undefined> {
  const { host } = new URL(origin);
  const silent = path.join(cacheFolder(), "silent-hosts", host);
  const since = statSync(silent, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - since < silence) return `${host} did not answer when it was last asked, less than an hour ago`;
  try {
    await fetch(origin, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(patience) });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && error.name === "TimeoutError")) {
      return `${host} cannot be reached (${networkReason(error)})`;
    }
    mkdirSync(path.dirname(silent), { recursive: true });
    writeFileSync(silent, "");
    return `${host} did not answer within ${patience / 1_000} s`;
  }
}

/** The operating system's code for a failed `fetch`, such as ENOTFOUND, or the error's message where there is none. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
