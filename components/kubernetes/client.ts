import type https from "node:https";
import net from "node:net";
import { setTimeout } from "node:timers/promises";

import { shellWord } from "../advice";
import { type HttpAnswer, request as httpRequest, withoutBrackets } from "../http";
import { Problem } from "../problem";
import type { KubeContext } from "../targets/kubeconfig";
import { objectPath } from "./objectPath";
import { signIn } from "./signIn";
import type { ObjectKey } from "./types";
import { countedAsUnderWay } from "./underway";

export interface ApiRequest {
  /** @default GET */
  method?: "GET" | "PATCH" | "DELETE";
  path: string;
  /** @default none */
  query?: Record<string, string> | [name: string, value: string][];
  /** Value of the Host header, for what is behind the API server. @default the API server's own */
  host?: string;
  /** An object for server-side apply. @default none */
  object?: object;
  /** Seconds without an answer after which the request fails. @default 20: the server may do much else */
  timeoutSeconds?: number;
}

/** Sends a request to a context's API server. Rejects when nothing answers. */
export async function send(context: KubeContext, request: ApiRequest): Promise<HttpAnswer> {
  const { object, timeoutSeconds = 20 } = request;
  const { options, isSecure } = await connection(context, request);
  return await httpRequest(options, { isSecure, timeoutSeconds, body: object && JSON.stringify(object) });
}

/** How a request is sent to a context's API server. */
export async function connection(
  context: KubeContext,
  { method = "GET", path, query = {}, host, object }: ApiRequest,
): Promise<{ options: https.RequestOptions; isSecure: boolean }> {
  // Behind a gateway the API server has a path of its own.
  const url = new URL(context.server.replace(/\/+$/, "") + path);
  url.search = new URLSearchParams(query).toString();
  const { headers: signed, ...signedIn } = await signIn(context).catch((error: unknown) => {
    throw new Error(`signing in fails: ${(error as Error).message}`, { cause: error });
  });
  const isSecure = url.protocol === "https:";
  const hostname = withoutBrackets(url.hostname);
  const options: https.RequestOptions = {
    // Node.js would check the server's certificate for the name in the Host header.
    ...(host !== undefined && { servername: net.isIP(hostname) === 0 ? hostname : "" }),
    ...signedIn,
    method,
    hostname,
    port: url.port || (isSecure ? 443 : 80),
    path: url.pathname + url.search,
    headers: {
      ...signed,
      ...(host !== undefined && { host }),
      ...(object && { "content-type": "application/apply-patch+yaml" }),
    },
  };
  return { options, isSecure };
}

/** Milliseconds before each further try where a server is busy and says no time. */
const pauses = [200, 400, 800];
/** The longest that a server's Retry-After is waited for, in milliseconds: there may be three of them. */
const longestPause = 2000;

const isBusy = (status: number): boolean => status === 429 || status >= 500;
/** Busy, or not there yet; 500 may be an error that stays. */
const maySoonAnswer = (status: number): boolean => isBusy(status) && status !== 500;

/**
 * As `send`, for a GET: of a server that is busy, which says 429 or 5xx or hangs up, it asks a few times more.
 *
 * That much is lost where an API server behind a load balancer is updated.
 */
export async function sendPatiently(context: KubeContext, request: ApiRequest): Promise<HttpAnswer> {
  return await countedAsUnderWay(context, async () => {
    for (const pause of pauses) {
      const answer = await send(context, request).catch(unlessHungUp);
      if (answer !== undefined && !isBusy(answer.status)) {
        return answer;
      }
      const asked = Number(answer?.headers["retry-after"]) * 1000;
      await setTimeout(asked > 0 ? Math.min(asked, longestPause) : pause);
    }
    return await send(context, request);
  });
}

function unlessHungUp(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") {
    throw error;
  }
}

/** No API server answered. */
export class UnreachedProblem extends Problem {}

/** GETs an object or a list. Throws a `Problem` when the cluster does not give it. */
export async function read<T>(context: KubeContext, path: string, query?: Record<string, string>): Promise<T> {
  return JSON.parse(bodyOf(context, path, await ask(context, { path, ...(query && { query }) }))) as T;
}

/** What the API server gave. */
function bodyOf(context: KubeContext, path: string, { status, body }: Pick<HttpAnswer, "status" | "body">): string {
  if (status !== 200) {
    throw new Refused(context, path, status, reasonIn(body));
  }
  return body;
}

/** GETs an object; undefined when it is not there. Throws a `Problem` when the cluster does not say. */
export async function readIfThere<T>(context: KubeContext, key: ObjectKey): Promise<T | undefined> {
  const path = objectPath(key);
  const answer = await ask(context, { path });
  return answer.status === 404 ? undefined : (JSON.parse(bodyOf(context, path, answer)) as T);
}

/** GETs an object that may not be there, or that the user may not see. Throws a `Problem` when the cluster does not say. */
export async function see<T extends object>(context: KubeContext, key: ObjectKey): Promise<T | "absent" | "hidden"> {
  const path = objectPath(key);
  const answer = await ask(context, { path });
  switch (answer.status) {
    case 403:
      return "hidden";
    case 404:
      return "absent";
    default:
      return JSON.parse(bodyOf(context, path, answer)) as T;
  }
}

/** The API server's own words, which name the user and the right that is missing; undefined for a gateway's page. */
function reasonIn(body: string): string | undefined {
  try {
    const { kind, message } = JSON.parse(body) as { kind?: unknown; message?: unknown };
    return kind === "Status" && typeof message === "string" && message !== "" ? message : undefined;
  } catch {
    return undefined;
  }
}

async function ask(context: KubeContext, request: ApiRequest): Promise<HttpAnswer> {
  try {
    return await sendPatiently(context, request);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnreachedProblem(
      `The cluster of kube context "${context.name}" at ${context.server} cannot be reached (${code ?? message})`,
      "run `npm run doctor` to see what helps",
    );
  }
}

/** What an API server refuses to give. */
export class Refused extends Problem {
  constructor(
    { name }: KubeContext,
    path: string,
    /** Of the answer, such as 403. */
    readonly status: number,
    /** In the API server's own words. @default it gave none */
    reason?: string,
  ) {
    const why = reason === undefined ? "" : ` (${reason})`;
    super(
      `The cluster of kube context "${name}" answers ${status} to GET ${path}${why}`,
      helpWith(status) ?? `run \`kubectl --context ${shellWord(name)} get --raw ${path}\` to see why`,
    );
  }
}

/** What helps where kubectl would be refused in the same words. */
function helpWith(status: number): string | undefined {
  if (status === 401) {
    return "your credentials for it are wrong or have expired: sign in to it again, and then run this again";
  }
  return maySoonAnswer(status) ? "it is overloaded or starts: run this again in a moment" : undefined;
}
