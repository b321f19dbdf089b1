import { EventEmitter, once } from "node:events";

import { type FSWatcher, watch } from "chokidar";

/** A save is several events, such as emptying a file and filling it: the last one counts. */
const quietMilliseconds = 30;
const ignored = /(^|[\\/])(\.git|node_modules|__pycache__)$/;

/** Watches files and folders of the checkout. */
export class Changes {
  private seen = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly quiet = new EventEmitter();

  private constructor(private readonly watcher: FSWatcher) {
    watcher.on("all", (_, name) => {
      this.seen.add(name.replaceAll("\\", "/"));
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.quiet.emit("quiet");
      }, quietMilliseconds);
    });
  }

  /** Resolves when every change from here on is seen. */
  static async of(names: string[]): Promise<Changes> {
    const watcher = watch(names, { ignoreInitial: true, ignored });
    await once(watcher, "ready");
    return new Changes(watcher);
  }

  /** Watches a folder from now on, if it does not yet. */
  include(name: string): void {
    this.watcher.add(name);
  }

  /** Waits until something has changed since this was called last, and names it; undefined when it was interrupted. */
  async next(interrupted?: AbortSignal): Promise<string[] | undefined> {
    while (this.seen.size === 0 || this.timer !== undefined) {
      await once(this.quiet, "quiet", { signal: interrupted }).catch(() => undefined);
      if (interrupted?.aborted) {
        return undefined;
      }
    }
    const names = [...this.seen].sort();
    this.seen.clear();
    return names;
  }

  /** Forgets what was seen since then of some files: the tail of a change, such as the old names in a renamed folder. */
  forget(isMeant: (name: string) => boolean): void {
    this.seen = new Set([...this.seen].filter((name) => !isMeant(name)));
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.watcher.close();
  }
}
