import WebSocket from "ws";

import { connection } from "../../components/kubernetes/client";
import type { KubeContext } from "../../components/targets/kubeconfig";
import { messageOf } from "./lines";

/** What a WebSocket of an API server leads to. */
export interface WebSocketRequest {
  path: string;
  query: [name: string, value: string][];
}

/** The protocol that every version of Kubernetes speaks: each message begins with the number of its channel. */
const protocol = "v4.channel.k8s.io";

const handshakeMilliseconds = 10_000;
/** Milliseconds after which a connection without traffic is asked whether it is still there. */
const keepAliveMilliseconds = 30_000;

/**
 * Opens a WebSocket of an API server. It is paused, so that nothing is missed before somebody listens.
 *
 * @param signal gives up
 * @throws an `Error` whose message is a clause that says why there is none
 */
export async function openWebSocket(
  context: KubeContext,
  { path, query }: WebSocketRequest,
  signal: AbortSignal,
): Promise<WebSocket> {
  const { options, isSecure } = await connection(context, { path, query });
  signal.throwIfAborted();
  const { hostname = "", port: serverPort = "", path: fullPath = "" } = options;
  const host = hostname?.includes(":") === true ? `[${hostname}]` : hostname;
  const url = `${isSecure ? "wss" : "ws"}://${host}:${serverPort}${fullPath}`;
  const socket = new WebSocket(url, [protocol], {
    ...options,
    handshakeTimeout: handshakeMilliseconds,
    perMessageDeflate: false,
  });
  const giveUp = (): void => {
    socket.terminate();
  };
  signal.addEventListener("abort", giveUp);
  try {
    await opened(socket);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  return socket;
}

async function opened(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("upgrade", (response) => response.socket.setKeepAlive(true, keepAliveMilliseconds));
    socket.once("open", () => {
      socket.pause();
      resolve();
    });
    // It stays: an error later on is followed by the end of the WebSocket, which says enough.
    socket.on("error", reject);
    socket.once("unexpected-response", (_, response) => {
      const refuse = (message: string): void => {
        reject(new Error(`the cluster answers ${response.statusCode ?? 0} (${message})`));
        socket.terminate();
      };
      messageOf(response).then(refuse, () => {
        refuse("without a reason");
      });
    });
  });
}
