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

/** What `pulumi up` needs in its environment to accept --event-log, a hidden option that the Automation API uses too. */
export const eventLogEnvironment = { PULUMI_DEBUG_COMMANDS: "true" };

/** The stack's outputs at the end of an operation, secrets masked; undefined when no event has them. */
export function stackOutputsIn(events: readonly EngineEvent[]): Record<string, unknown> | undefined {
  const known = events.map(({ resOutputsEvent }) => resOutputsEvent?.metadata);
  return known.findLast((metadata) => metadata?.type === "pulumi:pulumi:Stack")?.new?.outputs;
}

/** Follows the file of `pulumi up --event-log` while the engine writes it. The file contains secrets in base64. */
export class EventLog {
  private readonly events: StampedEvent[] = [];
  private rest = "";
  private readonly followed: FollowedFile;

  /** Reads the file every `pollMilliseconds`, and calls `onEvent` with each new event. */
  constructor(
    file: string,
    pollMilliseconds: number,
    private readonly onEvent: (event: StampedEvent) => void = () => undefined,
  ) {
    this.followed = new FollowedFile(file, pollMilliseconds, (text) => {
      this.take(text);
    });
  }

  /** Stops, and returns every event. */
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
