import { EventEmitter, once } from "node:events";

import { type FSWatcher, watch } from "chokidar";

/** A save is several events, such as emptying a file and filling it: the last one counts. */
const quietMilliseconds = 15;
const ignored = /(^|[\\/])(\.git|node_modules|__pycache__)$/;

/** What is watched, and who is told that it cannot be. */
export interface ChangesOptions {
  /** Whether a path of what is watched is left out, as a folder whose files reach no image. @default none is */
  isLeftOut?: (name: string) => boolean;
  /** Told that the system watches no more files. @default nobody is */
  onError?: (error: NodeJS.ErrnoException) => void;
}

/** Watches files and folders of the checkout. */
export class Changes {
  private seen = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private first: number | undefined;
  private readonly quiet = new EventEmitter();

  private constructor(private readonly watcher: FSWatcher) {
    watcher.on("all", (_, name) => {
      this.seen.add(name.replaceAll("\\", "/"));
      this.first ??= performance.now();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.quiet.emit("quiet");
      }, quietMilliseconds);
    });
  }

  /** Resolves when every change from here on is seen. */
  static async of(names: string[], { isLeftOut = () => false, onError }: ChangesOptions = {}): Promise<Changes> {
    const watcher = watch(names, {
      ignoreInitial: true,
      ignored: (name) => ignored.test(name) || isLeftOut(name.replaceAll("\\", "/")),
    });
    watcher.on("error", (error) => onError?.(error as NodeJS.ErrnoException));
    await once(watcher, "ready");
    return new Changes(watcher);
  }

  /** When the first of the changes was seen that `next` named last, as `performance.now()`; undefined for none. */
  since: number | undefined;

  /** Waits until something has changed since this was called last, and names it; undefined when it was interrupted. */
  async next(interrupted?: AbortSignal): Promise<string[] | undefined> {
    while (this.seen.size === 0 || this.timer !== undefined) {
      await once(this.quiet, "quiet", { signal: interrupted }).catch(() => undefined);
      if (interrupted?.aborted) {
        this.since = undefined;
        return undefined;
      }
    }
    const names = [...this.seen].sort();
    this.seen.clear();
    [this.since, this.first] = [this.first, undefined];
    return names;
  }

  /** What was seen so far is taken in otherwise. */
  forget(): void {
    this.seen.clear();
    this.first = undefined;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.watcher.close();
  }
}
