import type { Options } from "execa";

import { FollowedFile } from "./followedFile";

/** What an operation prints that is begun before it is known what for: it is shown from then on. */
export class HeldOutput {
  /** Of Pulumi's CLI, which takes a file for no terminal. */
  readonly flags = process.stdout.isTTY ? ["--color", "always"] : [];
  /** Ctrl-C does not reach another process group; a pipe would end it with the process that reads it. */
  readonly options: Options;
  private readonly file: FollowedFile;
  private isShown = false;

  constructor(file: string, until: Promise<unknown>) {
    this.file = new FollowedFile(file, 50, (text) => {
      if (this.isShown) {
        process.stdout.write(withoutWait(text));
      }
    });
    this.options = { stdio: ["ignore", this.file.handle, this.file.handle], detached: true };
    until.then(
      () => (this.isShown = true),
      () => undefined,
    );
  }

  stop(): void {
    this.file.stop();
  }
}

/** Leaves out the dots that go on from before, and the time, which counts from when it began to wait. */
export function withoutWait(text: string): string {
  return text.replace(/^\.+\n|^.*Duration:.*\n\n?/gm, "");
}
