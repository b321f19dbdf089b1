import http from "node:http";
import net, { type AddressInfo } from "node:net";

import WebSocket, { WebSocketServer } from "ws";

/** What a pod's program does with a connection to a port. */
export type Program = (connection: net.Socket) => void;

/** A pod as the API server lists it. */
export interface FakePod {
  name: string;
  isReady?: boolean;
  phase?: string;
  isTerminating?: boolean;
}

/**
 * An API server that lists pods and forwards their ports as kubelets do: one connection for each WebSocket, which ends when
 * the program's side does.
 */
export class FakePortForward {
  /** What listens at each port of every pod; a pod refuses a connection to another port. */
  readonly programs = new Map<number, Program>();
  /** Names of the pods of each WebSocket that was opened, in order. */
  readonly opened: string[] = [];
  /** How many times pods were listed. */
  lists = 0;
  /** What it answers to each WebSocket instead of opening it. */
  refusal: { status: number; message: string } | undefined;
  private pods: FakePod[] = [];
  private readonly server = http.createServer((request, response) => {
    this.list(request, response);
  });
  private readonly webSockets = new WebSocketServer({ noServer: true });
  private readonly listeners: net.Server[] = [];
  private readonly connections = new Set<net.Socket>();

  /** Listens on 127.0.0.1; returns its address. */
  async start(): Promise<string> {
    this.server.on("upgrade", (request: http.IncomingMessage, socket: net.Socket, head) => {
      if (this.refusal === undefined) {
        this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          void this.bridge(webSocket, new URL(request.url ?? "", "http://localhost"));
        });
        return;
      }
      const body = JSON.stringify(this.refusal);
      const { status } = this.refusal;
      socket.end(
        `HTTP/1.1 ${status} No\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
    return `http://127.0.0.1:${await listening(this.server)}`;
  }

  async stop(): Promise<void> {
    this.cutOff();
    this.connections.forEach((connection) => connection.destroy());
    await Promise.all(
      [this.server, ...this.listeners].map(async (server) => {
        await new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  /** Has these pods, the oldest first; the connections of others end. */
  have(...pods: FakePod[]): void {
    this.pods = pods;
    for (const webSocket of this.webSockets.clients) {
      if (!pods.some(({ name }) => name === podOf.get(webSocket))) {
        webSocket.close(1000);
      }
    }
  }

  /** Cuts off every connection, as an API server does that ends. */
  cutOff(): void {
    this.webSockets.clients.forEach((webSocket) => {
      webSocket.terminate();
    });
    this.server.closeAllConnections();
  }

  /** How many WebSockets are open. */
  get count(): number {
    return this.webSockets.clients.size;
  }

  private list({ url = "" }: http.IncomingMessage, response: http.ServerResponse): void {
    this.lists++;
    const { pathname } = new URL(url, "http://localhost");
    const items = this.pods.map(({ name, isReady = true, phase = "Running", isTerminating = false }, index) => ({
      metadata: {
        name,
        creationTimestamp: `2026-01-01T00:00:0${index}Z`,
        ...(isTerminating && { deletionTimestamp: "2026-01-01T00:01:00Z" }),
      },
      status: { phase, conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
    }));
    response.writeHead(pathname === "/api/v1/namespaces/shop/pods" ? 200 : 404).end(JSON.stringify({ items }));
  }

  private async bridge(webSocket: WebSocket, { pathname, searchParams }: URL): Promise<void> {
    const [, pod = ""] = /^\/api\/v1\/namespaces\/shop\/pods\/([^/]+)\/portforward$/.exec(pathname) ?? [];
    podOf.set(webSocket, pod);
    this.opened.push(pod);
    const port = Number(searchParams.get("ports"));
    const header = Buffer.alloc(2);
    header.writeUInt16LE(port);
    const send = (channel: number, bytes: Buffer, done?: () => void): void => {
      webSocket.send(Buffer.concat([Buffer.of(channel), bytes]), done);
    };
    [0, 1].forEach((channel) => {
      send(channel, header);
    });
    const program = this.programs.get(port);
    if (program === undefined) {
      const words = `socat[${this.opened.length}]: error forwarding port ${port} to pod ${pod}: connection refused\n`;
      send(1, Buffer.from(words));
      webSocket.close(1000);
      return;
    }
    const server = net.createServer({ allowHalfOpen: true }, (connection) => {
      this.connections.add(connection.on("error", () => undefined));
      program(connection);
    });
    this.listeners.push(server);
    const inPod = net.connect({ port: await listening(server), host: "127.0.0.1", allowHalfOpen: true });
    inPod.on("error", () => undefined);
    inPod.on("data", (bytes) => {
      inPod.pause();
      send(0, bytes, () => inPod.resume());
    });
    inPod.on("end", () => {
      webSocket.close(1000);
    });
    webSocket.on("message", (message: Buffer) => {
      if (!inPod.write(message.subarray(1))) {
        webSocket.pause();
        inPod.once("drain", () => {
          webSocket.resume();
        });
      }
    });
    webSocket.on("error", () => undefined);
    webSocket.on("close", () => {
      inPod.destroy();
    });
  }
}

const podOf = new WeakMap<WebSocket, string>();

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}
