import http from "node:http";
import https from "node:https";

import { type ApiRequest, connection } from "../../components/kubernetes/client";
import { Problem } from "../../components/problem";
import type { KubeContext } from "../../components/targets/kubeconfig";

/** An API server answers, and does not give what is asked for. */
export class Unstreamed extends Problem {
  /**
   * @param status of the answer, such as 404
   * @param message the API server's own words
   */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(`The cluster answers ${status} (${message})`);
  }
}

/** Milliseconds after which a connection without traffic is asked whether it is still there. */
const keepAliveMilliseconds = 30_000;

/**
 * GETs what an API server sends bit by bit, such as a log that is followed: line by line, until it ends.
 *
 * @param signal ends it, without an error
 * @throws an `Unstreamed`, or an error of the connection where it is cut off
 */
export async function* linesOf(context: KubeContext, request: ApiRequest, signal: AbortSignal): AsyncGenerator<string> {
  const { options, isSecure } = await connection(context, request);
  try {
    const response = await begin(isSecure ? https : http, { ...options, signal });
    response.socket.setKeepAlive(true, keepAliveMilliseconds);
    if (response.statusCode !== 200) {
      throw new Unstreamed(response.statusCode ?? 0, await messageOf(response));
    }
    let rest = "";
    for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") {
      yield rest;
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}

async function begin(client: typeof http | typeof https, options: https.RequestOptions): Promise<http.IncomingMessage> {
  return await new Promise((resolve, reject) => {
    client.get(options, resolve).on("error", reject);
  });
}

/** The API server's own words, of an answer that is not what was asked for. */
export async function messageOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body;
  }
}
