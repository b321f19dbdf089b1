import http from "node:http";
import type { AddressInfo } from "node:net";

import { WebSocket, WebSocketServer } from "ws";

/** One exec of the API: what it was told, and what tells its client. */
export class FakeExec {
  /** Bytes of standard input so far. */
  input = Buffer.alloc(0);

  constructor(
    readonly command: string[],
    private readonly webSocket: WebSocket,
  ) {}

  /** The lines of JSON on its standard input. */
  get lines(): { do: string; [field: string]: unknown }[] {
    return this.input
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { do: string });
  }

  say(report: object | string): void {
    const line = typeof report === "string" ? report : JSON.stringify(report);
    this.send(1, `${line}\n`);
  }

  /** Ends as a command does that fails. */
  fail(words: string): void {
    this.send(2, `${words}\n`);
    this.send(3, JSON.stringify({ status: "Failure", message: "command terminated with exit code 1" }));
    this.webSocket.close(1000);
  }

  private send(channel: number, text: string): void {
    this.webSocket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  }
}

/** An API server that runs commands in pods. */
export class FakeExecServer {
  readonly execs: FakeExec[] = [];
  private readonly server = http.createServer();
  private readonly webSockets = new WebSocketServer({
    server: this.server,
    handleProtocols: () => "v4.channel.k8s.io",
  });

  /**
   * @param onLine what an exec does with each line of its standard input
   * @param onOpen what it does at its beginning. @default nothing
   */
  constructor(
    onLine: (line: { do: string; id?: number }, exec: FakeExec) => void,
    onOpen: (exec: FakeExec) => void = () => undefined,
  ) {
    this.webSockets.on("connection", (webSocket, { url }) => {
      const { searchParams } = new URL(url ?? "", "http://localhost");
      const exec = new FakeExec(searchParams.getAll("command"), webSocket);
      this.execs.push(exec);
      onOpen(exec);
      let seen = 0;
      webSocket.on("message", (data: Buffer) => {
        exec.input = Buffer.concat([exec.input, data.subarray(1)]);
        for (const line of exec.lines.slice(seen)) {
          seen++;
          onLine(line, exec);
        }
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.webSockets.clients.forEach((each) => {
      each.terminate();
    });
    this.webSockets.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
