import http from "node:http";
import https from "node:https";
import type { AddressInfo, Server } from "node:net";

export interface Servers {
  /** Answers on 127.0.0.1, or on a unix socket, until the test ends. Returns the port. */
  serve: (answer: http.RequestListener, where?: { socket?: string; tls?: https.ServerOptions }) => Promise<number>;
}

/** HTTP servers that each test of a suite may start. */
export function localServers(): Servers {
  const open: (http.Server | https.Server)[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(close));
  });
  return {
    serve: async (answer, { socket, tls } = {}) => {
      const server = tls ? https.createServer(tls, answer) : http.createServer(answer);
      open.push(server);
      await listening(server, socket);
      return socket === undefined ? (server.address() as AddressInfo).port : 0;
    },
  };
}

/** Answers every request in the same way. */
export function always(status: number, body: unknown = {}): http.RequestListener {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = http.createServer();
  await listening(server);
  const { port } = server.address() as AddressInfo;
  await close(server);
  return port;
}

async function listening(server: Server, socket?: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (socket === undefined) {
      server.listen(0, "127.0.0.1", resolve);
    } else {
      server.listen(socket, resolve);
    }
  });
}

async function close(server: http.Server | https.Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
