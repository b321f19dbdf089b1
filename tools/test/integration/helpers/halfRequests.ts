import { once } from "node:events";
import net from "node:net";

/** Clients that have sent the first half of a request each, and connect again as soon as the server gives them up. */
export class HalfRequests {
  private readonly sockets = new Set<net.Socket>();
  private isOver = false;
  /** How often the server has closed such a connection. */
  givenUp = 0;

  private constructor(private readonly url: URL) {}

  /** Resolves once all of them have sent their half. */
  static async open(url: string, count: number): Promise<HalfRequests> {
    const clients = new HalfRequests(new URL(url));
    await Promise.all(Array.from({ length: count }, () => clients.connect()));
    return clients;
  }

  close(): void {
    this.isOver = true;
    this.sockets.forEach((socket) => socket.destroy());
  }

  private async connect(): Promise<void> {
    const { hostname, port, host } = this.url;
    const socket = net.connect({ host: hostname, port: Number(port) });
    this.sockets.add(socket);
    socket.resume().once("close", () => {
      this.sockets.delete(socket);
      if (!this.isOver) {
        this.givenUp++;
        this.connect().catch(() => undefined);
      }
    });
    await once(socket, "connect");
    socket.on("error", () => undefined).write(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Half: `);
  }
}
