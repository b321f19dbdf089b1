import { FollowedFile } from "./followedFile";

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

/** Follows the file of `pulumi up --event-log` while the engine writes it, which has secrets in base64 in it. */
export class EventLog {
  private readonly events: StampedEvent[] = [];
  private rest = "";
  private readonly followed: FollowedFile;

  /** Looks every `pollMilliseconds`, and hands on each event that is new. */
  constructor(
    file: string,
    pollMilliseconds: number,
    private readonly onEvent: (event: StampedEvent) => void = () => undefined,
  ) {
    this.followed = new FollowedFile(file, pollMilliseconds, (text) => {
      this.take(text);
    });
  }

  /** Ends it for good; returns every event. */
  stop(): StampedEvent[] {
    this.followed.stop();
    return this.events;
  }

  private take(text: string): void {
    const at = performance.timeOrigin + performance.now();
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const event: StampedEvent = { ...(JSON.parse(line) as EngineEvent), at };
      this.events.push(event);
      this.onEvent(event);
    }
  }
}
