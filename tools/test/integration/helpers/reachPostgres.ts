import { once } from "node:events";
import net from "node:net";

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const parameters = Buffer.from("user\0django\0database\0django\0\0");
const version = 196_608;

/**
 * Begins to sign in to the Postgres behind a port of this machine, as its clients do.
 *
 * @throws an `Error` where there is none, or one that is not ready
 */
export async function reachPostgres(port: number): Promise<void> {
  const socket = net.connect({ port, host: "127.0.0.1" }).on("error", () => undefined);
  const signal = AbortSignal.timeout(10_000);
  const answer = async (): Promise<string> => {
    const ended = once(socket, "end", { signal }).then(() => [Buffer.from("nothing")]);
    const [bytes] = (await Promise.race([once(socket, "data", { signal }), ended])) as [Buffer];
    return bytes.toString("latin1");
  };
  try {
    await once(socket, "connect", { signal });
    socket.write(sslRequest);
    const encryption = await answer();
    const head = Buffer.alloc(8);
    head.writeInt32BE(head.length + parameters.length);
    head.writeInt32BE(version, 4);
    socket.write(Buffer.concat([head, parameters]));
    const request = await answer();
    // Without encryption, and then how to authenticate.
    if (encryption !== "N" || !request.startsWith("R")) {
      throw new Error(`Postgres answers ${encryption}, and ${request}`);
    }
  } finally {
    socket.destroy();
  }
}
