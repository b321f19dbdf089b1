import { once } from "node:events";
import net from "node:net";

/** What each side of Postgres' protocol says, as far as it is needed here. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const version = 196_608;

/**
 * Signs in to the Postgres behind a port of this machine, as user `django` and without a password.
 *
 * @returns "signed in", or "asks for a password"
 * @throws an `Error` where there is no Postgres, or none that is ready
 */
export async function signInTo(port: number): Promise<string> {
  const socket = net.connect({ port, host: "127.0.0.1" }).on("error", () => undefined);
  const signal = AbortSignal.timeout(10_000);
  const answer = async (): Promise<Buffer> => {
    const [bytes] = (await Promise.race([
      once(socket, "data", { signal }),
      once(socket, "end", { signal }).then(() => [Buffer.alloc(0)]),
    ])) as [Buffer];
    return bytes;
  };
  try {
    await once(socket, "connect", { signal });
    socket.write(sslRequest);
    const encryption = (await answer()).toString();
    if (encryption !== "N") {
      throw new Error(`Postgres would answer N, not "${encryption}"`);
    }
    const parameters = Buffer.from("user\0django\0database\0django\0\0");
    const head = Buffer.alloc(8);
    head.writeInt32BE(head.length + parameters.length);
    head.writeInt32BE(version, 4);
    socket.write(Buffer.concat([head, parameters]));
    const message = await answer();
    if (message.at(0) !== "R".charCodeAt(0)) {
      throw new Error(`Postgres does not let anybody in: ${message.toString()}`);
    }
    return message.readInt32BE(5) === 0 ? "signed in" : "asks for a password";
  } finally {
    socket.destroy();
  }
}
