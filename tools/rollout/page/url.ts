import type http from "node:http";

import { request, withoutBrackets } from "../../../components/http";
import { Problem } from "../../../components/problem";
import { until } from "../../waiting";
import { type Answer, answerOf, describeAnswer, isFailure } from "./answer";

/** Seconds in which a URL has to lead to the page: kube-proxy learns of new pods up to a second after the rollout. */
export const reachSeconds = 30;

/** Seconds that one answer may take: a page may do much, the first time above all. */
const answerSeconds = 20;

/** What takes a request and does not answer it. */
export class NoAnswer extends Error {
  constructor() {
    super(`no answer within ${answerSeconds} s`);
  }
}

/**
 * GETs a page until it answers; redirects are not followed.
 *
 * @param isEnough whether an answer is the one that is waited for. @default any but a failure
 * @throws an `Error` with why there is none when the time is up
 */
export async function untilAnswer(
  url: string,
  seconds: number,
  isEnough: (answer: Answer) => boolean = (answer) => !isFailure(answer),
): Promise<Answer> {
  const look = async (deadline: AbortSignal): Promise<Answer> => {
    const answer = await getPage(url, deadline);
    if (!isEnough(answer)) {
      throw new Error(`it answers ${describeAnswer(answer)}`);
    }
    return answer;
  };
  return await until(look, { seconds, late: (reason) => reason });
}

/**
 * Waits for a page as `untilAnswer` does.
 *
 * @returns the status, and the page's title if it has one
 * @throws a `Problem` when there is no answer within `seconds`
 */
export async function waitUntilServed(url: string, seconds = 120): Promise<string> {
  try {
    return describeAnswer(await untilAnswer(url, seconds));
  } catch (error) {
    throw new Problem(
      `${url} is not served within ${seconds} s (${(error as Error).message})`,
      "run `pulumi config set urlHost HOST` if the cluster is reached at another host",
    );
  }
}

/** Where a host is: browsers take each name below localhost for this machine, and look-ups do not everywhere. */
function placeOf(hostname: string, port: string): http.RequestOptions {
  return hostname.endsWith(".localhost")
    ? { hostname: "localhost", port, headers: { host: port === "" ? hostname : `${hostname}:${port}` } }
    : { hostname: withoutBrackets(hostname), port };
}

async function getPage(url: string, deadline: AbortSignal): Promise<Answer> {
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(answerSeconds * 1000)]);
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const place = { ...placeOf(hostname, port), path: pathname + search };
  try {
    // To load `fetch` takes longer than the page, and a connection that stays open would lead to the same pod again.
    const options = { ...place, signal, agent: false };
    const { status, headers, body } = await request(options, {
      isSecure: protocol === "https:",
      timeoutSeconds: answerSeconds,
    });
    return answerOf(status, headers.location, body);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw signal.aborted ? new NoAnswer() : new Error(code ?? message);
  }
}
