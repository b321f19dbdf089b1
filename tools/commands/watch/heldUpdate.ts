import { EventEmitter, once } from "node:events";

import type { EngineEvent } from "../../pulumi/engineEvents";
import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import { ownStateFolder } from "../../pulumi/ownState";
import type { PulumiCli } from "../../stack/stack";
import { update } from "../up";

/** Declared last of what comes before the sources. */
const lastProvider = "pulumi:providers:kubernetes";

/**
 * An update for a change that is still to come: Pulumi, its plugins and the program are loaded, and the program waits
 * for the sources.
 *
 * It holds the stack's lock. Where others work with the same state it is begun with the change.
 */
export class HeldUpdate {
  /** Whether it has neither been let go on nor ended by itself. */
  isWaiting = true;
  /** Resolves when nothing but the change is waited for. */
  readonly ready: Promise<unknown>;
  private readonly ended: Promise<void>;
  private readonly signals = new EventEmitter();
  private readonly cancelled = new AbortController();
  private cancelEngine: () => void = () => undefined;

  constructor(cli: PulumiCli) {
    const until = once(this.signals, "go", { signal: this.cancelled.signal });
    until.catch(() => undefined);
    const onEvent = ({ resOutputsEvent }: EngineEvent): void => {
      if (resOutputsEvent?.metadata.type === lastProvider) {
        this.signals.emit("ready");
      }
    };
    const onStart = (cancel: () => void): void => {
      this.cancelEngine = cancel;
      if (this.cancelled.signal.aborted) {
        cancel();
      }
    };
    const host = new LanguageHost();
    const isOwn = ownStateFolder(cli) !== undefined;
    const begun = isOwn ? update(cli, host, { until, onStart, onEvent }) : until.then(() => update(cli, host));
    this.ended = begun.finally(() => {
      this.isWaiting = false;
      host.stop();
    });
    const over = this.ended.catch(() => undefined);
    this.ready = isOwn ? Promise.race([once(this.signals, "ready"), over]) : Promise.resolve();
  }

  /** Goes on, and waits for the page. */
  async run(): Promise<void> {
    this.signals.emit("go");
    await this.ended;
  }

  /** As Ctrl-C would: the engine ends what it is at, and the second time it does not. */
  cancel(): void {
    this.cancelled.abort();
    this.cancelEngine();
  }

  /** Ends it, if it was not cancelled already. */
  async end(): Promise<void> {
    if (!this.cancelled.signal.aborted) {
      this.cancel();
    }
    await this.ended.catch(() => undefined);
  }
}
