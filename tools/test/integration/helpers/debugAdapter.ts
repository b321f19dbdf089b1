import { once } from "node:events";
import net from "node:net";

/** A message of the Debug Adapter Protocol, as far as it is needed here. */
interface Message {
  seq: number;
  type: "request" | "response" | "event";
  command?: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

/** A folder of the sources on this machine, and the same where the program runs. */
export interface PathMapping {
  localRoot: string;
  remoteRoot: string;
}

/** Where a program stopped. */
export interface Stop {
  reason: string;
  threadId: number;
  /** The innermost frame; `path` is that of the sources on this machine. */
  frame: { id: number; name: string; path: string; line: number };
}

interface Frame {
  id: number;
  name: string;
  line: number;
  source?: { path?: string };
}

const limitMilliseconds = 30_000;

/** An editor that attaches to debugpy with the Debug Adapter Protocol. */
export class DebugAdapter {
  private sequence = 0;
  private received = Buffer.alloc(0);
  private readonly events: Message[] = [];
  private readonly answers = new Map<number, Message>();
  /** Called after each message, and when the connection ends. */
  private readonly listeners = new Set<() => void>();

  private constructor(private readonly socket: net.Socket) {
    const tell = (): void => {
      [...this.listeners].forEach((listener) => {
        listener();
      });
    };
    socket.on("data", (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      for (let message = this.next(); message !== undefined; message = this.next()) {
        if (message.type === "event") {
          this.events.push(message);
        } else if (message.type === "response") {
          this.answers.set(message.request_seq ?? 0, message);
        }
      }
      tell();
    });
    socket.on("error", tell).on("close", tell);
  }

  /** Connects to a debug adapter. Rejects where nothing listens. */
  static async connect(port = 5678, host = "127.0.0.1"): Promise<DebugAdapter> {
    const socket = net.connect(port, host);
    await once(socket, "connect");
    return new DebugAdapter(socket);
  }

  /**
   * Attaches to the program, with breakpoints in one of its files.
   *
   * @param file on this machine
   * @returns the lines at which there is a breakpoint now
   */
  async attach({
    pathMappings,
    file,
    lines,
  }: {
    pathMappings: PathMapping[];
    file: string;
    lines: number[];
  }): Promise<number[]> {
    await this.request("initialize", { adapterID: "debugpy", pathFormat: "path", linesStartAt1: true });
    // It is answered once the configuration is done.
    const attached = this.request("attach", { justMyCode: true, pathMappings });
    attached.catch(() => undefined);
    await Promise.race([this.event("initialized"), attached]);
    const set = await this.request("setBreakpoints", {
      source: { path: file },
      breakpoints: lines.map((line) => ({ line })),
    });
    await this.request("configurationDone");
    await attached;
    const { breakpoints } = set as { breakpoints: { verified: boolean; line?: number }[] };
    return breakpoints.flatMap(({ verified, line }) => (verified && line !== undefined ? [line] : []));
  }

  /** Waits until the program stops, such as at a breakpoint. */
  async stopped(): Promise<Stop> {
    const { reason, threadId } = (await this.event("stopped")) as { reason: string; threadId: number };
    const { stackFrames } = (await this.request("stackTrace", { threadId })) as { stackFrames: Frame[] };
    const [frame] = stackFrames;
    if (frame === undefined) {
      throw new Error(`Thread ${threadId} stopped without a frame`);
    }
    const { id, name, line, source } = frame;
    return { reason, threadId, frame: { id, name, line, path: source?.path ?? "" } };
  }

  /** The local variables of a frame, as the debugger shows them, such as `"'text'"`. */
  async locals(frameId: number): Promise<Record<string, string>> {
    const { scopes } = (await this.request("scopes", { frameId })) as {
      scopes: { name: string; variablesReference: number }[];
    };
    const variablesReference = scopes.find(({ name }) => name === "Locals")?.variablesReference;
    const { variables } = (await this.request("variables", { variablesReference })) as {
      variables: { name: string; value: string }[];
    };
    return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  }

  async continue(threadId: number): Promise<void> {
    await this.request("continue", { threadId });
  }

  /** Leaves the program to itself. */
  async disconnect(): Promise<void> {
    await this.request("disconnect", { restart: false, terminateDebuggee: false });
    this.socket.destroy();
  }

  /** Ends the connection without a word, as an editor that is killed does. */
  destroy(): void {
    this.socket.destroy();
  }

  private async request(command: string, body: object = {}): Promise<unknown> {
    const seq = ++this.sequence;
    const text = JSON.stringify({ seq, type: "request", command, arguments: body });
    this.socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const answer = await this.until(`an answer to ${command}`, () => this.answers.get(seq));
    if (answer.success !== true) {
      throw new Error(`The debugger refuses ${command}: ${answer.message ?? ""} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** What the next event of a name says, also one that came before. */
  private async event(name: string): Promise<unknown> {
    const found = await this.until(`event ${name}`, () => {
      const index = this.events.findIndex(({ event }) => event === name);
      return index < 0 ? undefined : this.events.splice(index, 1)[0];
    });
    return found.body;
  }

  private async until(what: string, find: () => Message | undefined): Promise<Message> {
    const signal = AbortSignal.timeout(limitMilliseconds);
    return await new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined && !signal.aborted && !this.socket.destroyed) {
          return;
        }
        this.listeners.delete(look);
        signal.removeEventListener("abort", look);
        if (found === undefined) {
          reject(new Error(`${what} does not come: ${signal.aborted ? "no time is left" : "the connection ended"}`));
        } else {
          resolve(found);
        }
      };
      this.listeners.add(look);
      signal.addEventListener("abort", look);
      look();
    });
  }

  /** Takes a whole message out of what was received. */
  private next(): Message | undefined {
    const separator = "\r\n\r\n";
    const end = this.received.indexOf(separator);
    const [, length] = /Content-Length: (\d+)/i.exec(this.received.toString("latin1", 0, Math.max(0, end))) ?? [];
    const begin = end + separator.length;
    const next = begin + Number(length);
    if (end < 0 || length === undefined || this.received.length < next) {
      return undefined;
    }
    const message = JSON.parse(this.received.toString("utf8", begin, next)) as Message;
    this.received = this.received.subarray(next);
    return message;
  }
}
