import { once } from "node:events";

import WebSocket from "ws";

/**
 * Sends a message as JSON through a websocket, as a page of that origin does.
 *
 * @param origin such as `http://localhost:30123`
 * @returns the first message that comes back
 * @throws an `Error` when the connection is refused, or nothing comes back for a minute
 */
export async function echoed(origin: string, path: string, message: object): Promise<unknown> {
  const socket = new WebSocket(origin.replace(/^http/, "ws") + path, { origin });
  const signal = AbortSignal.timeout(60_000);
  try {
    await once(socket, "open", { signal });
    socket.send(JSON.stringify(message));
    const [data] = (await once(socket, "message", { signal })) as [Buffer];
    return JSON.parse(data.toString());
  } finally {
    socket.terminate();
  }
}
