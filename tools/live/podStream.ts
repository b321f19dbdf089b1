import { StringDecoder } from "node:string_decoder";

import type WebSocket from "ws";

import { agentFile } from "../../components/liveReload/agentCommand";
import type { KubeContext } from "../../components/targets/kubeconfig";
import { channels, type ContainerPlace, openExec, readMessage } from "../kubernetes/exec";
import type { Listing, PodChange } from "./podPaths";
import type { Changed, Order, RefusedChange, Report, Then } from "./protocol";

/** Milliseconds between two questions whether a pod still answers, and after which one that does not is given up. */
export interface Beat {
  every: number;
  limit: number;
}

const usualBeat: Beat = { every: 1500, limit: 2500 };
/** Milliseconds in which a stream has to be open. */
const openLimit = 10_000;
const toInput = Buffer.of(channels.stdin);
/** Bytes that are sent at once. */
const chunkBytes = 1 << 20;

/** What a pod needs to have what it is to have. */
export interface Needed {
  /** Paths whose content it has not. */
  wanted: string[];
  /** How much it had that is there no longer. */
  removed: number;
}

/** What a stream is told of. */
export interface StreamEvents {
  onSuperseded: () => void;
  /** A process ended by itself. */
  onEnded: (end: { exitCode: number; failure?: string }) => void;
  /** The agent cannot do what it was asked for. */
  onError: (reason: string) => void;
}

/** One open stream to the agent of a pod. */
export class PodStream {
  /** Resolves with why the stream ended. */
  readonly closed: Promise<string>;
  private readonly decoder = new StringDecoder();
  private rest = "";
  private readonly waiting = new Map<number | "open", (report: Report) => void>();
  private socket: WebSocket | undefined;
  private timer: NodeJS.Timeout | undefined;
  private close: (reason: string) => void = () => undefined;
  private isClosed = false;
  private lastId = 0;
  private lastHeard = performance.now();
  private errorText = "";

  private constructor(
    private readonly events: StreamEvents,
    private readonly rhythm: Beat,
  ) {
    this.closed = new Promise((resolve) => {
      this.close = (reason) => {
        if (!this.isClosed) {
          this.isClosed = true;
          clearInterval(this.timer);
          this.socket?.terminate();
          resolve(reason);
          const end: Report = { is: "error", reason };
          this.waiting.forEach((answer) => {
            answer(end);
          });
        }
      };
    });
  }

  /**
   * Opens a stream to a container's agent.
   *
   * @throws when it cannot be opened within 10 s
   */
  static async to(
    context: KubeContext,
    place: ContainerPlace,
    python: string,
    events: StreamEvents,
    beat = usualBeat,
  ): Promise<PodStream> {
    const stream = new PodStream(events, beat);
    await stream.open(context, place, python);
    return stream;
  }

  private async open(context: KubeContext, place: ContainerPlace, python: string): Promise<void> {
    const command = [python, agentFile, "sync"];
    const streams = ["stdin", "stdout", "stderr"] as const;
    try {
      this.socket = await openExec(context, place, { command, streams }, AbortSignal.timeout(openLimit));
    } catch (error) {
      this.close((error as Error).message);
      throw error;
    }
    this.socket.on("message", (data: Buffer) => {
      const { channel, bytes } = readMessage(data);
      this.hear(channel, bytes);
    });
    this.socket.on("close", () => {
      this.close("the connection ended");
    });
    this.socket.resume();
    this.lastHeard = performance.now();
    this.timer = setInterval(() => {
      this.beat();
    }, this.rhythm.every);
  }

  private hear(channel: number, bytes: Buffer): void {
    this.lastHeard = performance.now();
    switch (channel) {
      case channels.stdout: {
        const lines = (this.rest + this.decoder.write(bytes)).split("\n");
        this.rest = lines.pop() ?? "";
        lines.forEach((line) => {
          this.take(line);
        });
        break;
      }
      case channels.stderr:
        this.errorText = (this.errorText + bytes.toString()).slice(-2000);
        break;
      case channels.status: {
        const { message = "" } = JSON.parse(bytes.toString()) as { message?: string };
        this.close(this.errorText.trim().split("\n").at(-1) || message || "the agent ended");
      }
    }
  }

  /** A laptop that slept, or a node that is gone, leaves a stream that says nothing, without an error. */
  private beat(): void {
    if (performance.now() - this.lastHeard > this.rhythm.every + this.rhythm.limit) {
      this.close("it does not answer");
      return;
    }
    this.send({ do: "ping", id: 0 });
  }

  /** Says what the pod is to have. Returns what it needs for that. Throws when the stream ends before. */
  async begin(base: string[], listing: Listing, isDebugged: boolean): Promise<Needed> {
    const answered = this.answerTo("open");
    this.send({ do: "open", base, debugger: isDebugged, ...listing });
    const report = await answered;
    if (report.is === "refused") {
      throw new Error(`it cannot write ${report.path}: ${report.reason}`);
    }
    if (report.is !== "open") {
      throw new Error(report.is === "error" ? report.reason : `the agent says "${report.is}"`);
    }
    return report;
  }

  /** Makes a change, and returns what it came to. Throws when the stream ends before. */
  async change({ contents, ...change }: PodChange, then: Then): Promise<Changed | RefusedChange> {
    const id = ++this.lastId;
    const answered = this.answerTo(id);
    this.send({ do: "change", id, then, ...change });
    for (const bytes of contents) {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        this.write(bytes.subarray(at, at + chunkBytes));
      }
    }
    const report = await answered;
    if (report.is !== "changed" && report.is !== "refused") {
      throw new Error(report.is === "error" ? report.reason : `the agent says "${report.is}"`);
    }
    return report;
  }

  end(): void {
    this.close("it was closed");
  }

  private send(order: Order): void {
    this.write(Buffer.from(`${JSON.stringify(order)}\n`));
  }

  private write(bytes: Buffer): void {
    if (!this.isClosed) {
      this.socket?.send(Buffer.concat([toInput, bytes]));
    }
  }

  private async answerTo(id: number | "open"): Promise<Report> {
    if (this.isClosed) {
      throw new Error("the stream is closed");
    }
    return await new Promise((resolve) => {
      this.waiting.set(id, (report) => {
        this.waiting.delete(id);
        resolve(report);
      });
    });
  }

  private take(line: string): void {
    let report: Report;
    try {
      report = JSON.parse(line) as Report;
    } catch {
      this.close(`the agent says what is no JSON: ${line.slice(0, 200)}`);
      return;
    }
    switch (report.is) {
      case "open":
        this.waiting.get("open")?.(report);
        break;
      case "changed":
      case "refused":
        this.waiting.get(report.id ?? "open")?.(report);
        break;
      case "superseded":
        this.events.onSuperseded();
        break;
      case "ended":
        this.events.onEnded(report);
        break;
      case "error":
        this.events.onError(report.reason);
        break;
      case "pong":
    }
  }
}
