import fs from "node:fs";

/** What the engine knows of a resource that it is about to change or has changed; secrets are masked. */
export interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  /** URN and id of the provider, joined by `::`. */
  provider?: string;
  new?: { inputs?: Record<string, unknown>; outputs?: Record<string, unknown> } | null;
}

/** The part of an engine event that is read here. */
export interface EngineEvent {
  preludeEvent?: unknown;
  summaryEvent?: unknown;
  diagnosticEvent?: { urn?: string; message: string };
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
}

/** An event and when the engine wrote it, as time of day in milliseconds: its own stamp has whole seconds only. */
export interface StampedEvent extends EngineEvent {
  at: number;
}

/** What `pulumi up` needs in its environment to know --event-log: the option is hidden, though the Automation API uses it. */
export const eventLogEnvironment = { PULUMI_DEBUG_COMMANDS: "true" };

/** The stack's outputs as an operation left them, secrets masked; undefined when the engine told none. */
export function stackOutputsIn(events: readonly EngineEvent[]): Record<string, unknown> | undefined {
  const told = events.map(({ resOutputsEvent }) => resOutputsEvent?.metadata);
  return told.findLast((metadata) => metadata?.type === "pulumi:pulumi:Stack")?.new?.outputs;
}

/** Follows the file of `pulumi up --event-log` while the engine writes it. */
export class EventLog {
  private readonly events: StampedEvent[] = [];
  private position = 0;
  private rest = "";
  private isClosed = false;
  private readonly timer: NodeJS.Timeout;
  private readonly handle: number;

  /** Looks every `pollMilliseconds`, and hands on each event that is new. */
  constructor(
    private readonly file: string,
    pollMilliseconds: number,
    private readonly onEvent: (event: StampedEvent) => void = () => undefined,
  ) {
    this.handle = fs.openSync(file, "wx+", 0o600);
    this.timer = setInterval(() => {
      this.read();
    }, pollMilliseconds);
  }

  /** Ends it for good; returns every event. */
  stop(): StampedEvent[] {
    clearInterval(this.timer);
    if (!this.isClosed) {
      this.read();
      fs.closeSync(this.handle);
      this.unlink();
      this.isClosed = true;
    }
    return this.events;
  }

  private read(): void {
    const { size } = fs.fstatSync(this.handle);
    if (size <= this.position) {
      return;
    }
    const at = performance.timeOrigin + performance.now();
    const added = Buffer.alloc(size - this.position);
    fs.readSync(this.handle, added, 0, added.length, this.position);
    this.unlink();
    this.position = size;
    const lines = (this.rest + added.toString()).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const event: StampedEvent = { ...(JSON.parse(line) as EngineEvent), at };
      this.events.push(event);
      this.onEvent(event);
    }
  }

  /** As soon as the engine has opened it too: it holds secrets in base64, and a killed process removes nothing. */
  private unlink(): void {
    try {
      fs.rmSync(this.file, { force: true });
    } catch {
      // Windows keeps it until the engine has ended.
    }
  }
}
