import http from "node:http";
import https from "node:https";

/** What a server answered, whatever its status. */
export interface HttpAnswer {
  status: number;
  body: string;
  headers: http.IncomingHttpHeaders;
}

/**
 * Sends a request and reads the whole answer. Rejects when nothing answers.
 *
 * @param timeoutSeconds without an answer after which it fails
 * @param body @default none
 */
export async function request(
  options: https.RequestOptions,
  { isSecure, timeoutSeconds, body }: { isSecure: boolean; timeoutSeconds: number; body?: string | undefined },
): Promise<HttpAnswer> {
  return await new Promise((resolve, reject) => {
    const sent = (isSecure ? https : http).request({ ...options, timeout: timeoutSeconds * 1000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, body: Buffer.concat(chunks).toString(), headers });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutSeconds} s`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A URL has an IPv6 address in brackets, a look-up has it without. */
export const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");
