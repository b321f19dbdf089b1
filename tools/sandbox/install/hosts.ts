import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../../components/targets/sandbox";

/** How long a host that kept silent is believed to keep silent, in milliseconds: 1 hour. */
const silence = 3_600_000;

const asked = new Map<string, Promise<string | undefined>>();

/**
 * Why a server cannot be reached, or undefined when it answers, whatever it answers.
 *
 * Asked once a process. A host behind a firewall that drops packets costs the whole patience, so that its silence is
 * remembered across processes; one that refuses, or has no name, answers at once and is asked again by the next run.
 *
 * @param origin the server with its protocol: `https://get.pulumi.com`
 * @param patience how long it has to answer, in milliseconds; @default 5 s
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

/** The operating system's code of a failed `fetch` ("ENOTFOUND"), or its message where there is no code. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
