import { EventEmitter, once } from "node:events";

import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import { ownStateFolder } from "../../pulumi/ownState";
import type { PulumiCli } from "../../stack/stack";
import { update } from "../up";

/**
 * An update for a change that is still to come: Pulumi and the program are loaded, and the program does not run yet.
 *
 * It holds the stack's lock. Where others work with the same state, it starts with the change.
 */
export class HeldUpdate {
  /** Whether it still waits for `run`: it may have failed. */
  isWaiting = true;
  /** Resolves when only the change is missing, or the update has ended. */
  readonly ready: Promise<unknown>;
  private readonly ended: Promise<void>;
  private readonly signals = new EventEmitter();
  private readonly cancelled = new AbortController();
  private cancelEngine: () => void = () => undefined;

  constructor(cli: PulumiCli) {
    const until = once(this.signals, "go", { signal: this.cancelled.signal });
    until.catch(() => undefined);
    const onStart = (cancel: () => void): void => {
      this.cancelEngine = cancel;
      if (this.cancelled.signal.aborted) {
        cancel();
      }
    };
    const host = new LanguageHost();
    const isWatched = true;
    const isOwn = ownStateFolder(cli) !== undefined;
    const begun = isOwn
      ? update(cli, host, { hold: { until, onStart }, isWatched })
      : until.then(() => update(cli, host, { isWatched }));
    this.ended = begun.finally(() => {
      this.isWaiting = false;
      host.stop();
    });
    const over = this.ended.catch(() => undefined);
    // A host that has ended makes the update fail.
    this.ready = isOwn ? Promise.race([host.waiting.catch(() => over), over]) : Promise.resolve();
  }

  /** Lets the update run, and waits for the page. */
  async run(): Promise<void> {
    this.signals.emit("go");
    await this.ended;
  }

  /** As Ctrl-C does: the first time the engine completes its current steps, the second time it stops at once. */
  cancel(): void {
    this.cancelled.abort();
    this.cancelEngine();
  }

  /** Cancels the update, unless that was done, and waits for its end. */
  async end(): Promise<void> {
    if (!this.cancelled.signal.aborted) {
      this.cancel();
    }
    await this.ended.catch(() => undefined);
  }
}
