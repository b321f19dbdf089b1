import fs from "node:fs";

const pollMilliseconds = 5;

/** The part of an engine event that is read here. */
export interface EngineEvent {
  preludeEvent?: unknown;
  summaryEvent?: unknown;
  diagnosticEvent?: { message: string };
  resourcePreEvent?: { metadata: { type: string; op: string } };
  resOutputsEvent?: { metadata: { type: string; op: string } };
}

/** An event and when the engine wrote it, as time of day in milliseconds: its own stamp has whole seconds only. */
export interface StampedEvent extends EngineEvent {
  at: number;
}

/** Follows the file of `pulumi up --event-log` while the engine writes it. */
export class EventLog {
  private readonly events: StampedEvent[] = [];
  private position = 0;
  private rest = "";
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly file: string) {
    fs.writeFileSync(file, "");
    this.timer = setInterval(() => {
      this.read();
    }, pollMilliseconds);
  }

  stop(): StampedEvent[] {
    clearInterval(this.timer);
    this.read();
    return this.events;
  }

  private read(): void {
    const size = fs.statSync(this.file).size;
    if (size <= this.position) {
      return;
    }
    const at = performance.timeOrigin + performance.now();
    const added = Buffer.alloc(size - this.position);
    const handle = fs.openSync(this.file, "r");
    fs.readSync(handle, added, 0, added.length, this.position);
    fs.closeSync(handle);
    this.position = size;
    const lines = (this.rest + added.toString()).split("\n");
    this.rest = lines.pop() ?? "";
    this.events.push(...lines.map((line): StampedEvent => ({ ...(JSON.parse(line) as EngineEvent), at })));
  }
}
