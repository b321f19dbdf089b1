import http from "node:http";
import https from "node:https";

/** What a server answered, whatever its status. */
export interface HttpAnswer {
  status: number;
  body: string;
  headers: http.IncomingHttpHeaders;
}

interface RequestLimits {
  isSecure: boolean;
  timeoutSeconds: number;
  connectSeconds?: number;
  body?: string | undefined;
}

/**
 * Sends a request and reads the whole answer. Rejects when nothing answers.
 *
 * @param timeoutSeconds without an answer after which it fails
 * @param connectSeconds without a connection after which it fails. @default 5
 * @param body @default none
 */
export async function request(
  options: https.RequestOptions,
  { isSecure, timeoutSeconds, connectSeconds = 5, body }: RequestLimits,
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
    limitConnecting(sent, connectSeconds);
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutSeconds} s`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Ends a request that has no connection in time, of its own or of its agent's. */
function limitConnecting(sent: http.ClientRequest, seconds: number): void {
  const end = setTimeout(() => sent.destroy(new Error(`no connection within ${seconds} s`)), seconds * 1000);
  const goOn = (): void => {
    clearTimeout(end);
  };
  sent.on("close", goOn);
  sent.on("socket", (socket) => {
    if (socket.connecting) {
      socket.once("connect", goOn);
    } else {
      goOn();
    }
  });
}

/** A URL has an IPv6 address in brackets, a look-up has it without. */
export const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");
