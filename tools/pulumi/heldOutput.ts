import type { Options } from "execa";

import { FollowedFile } from "./followedFile";

/** The output of an operation that was started before there is a change; it is shown from the change on. */
export class HeldOutput {
  /** For the Pulumi CLI, which sees a file instead of the terminal. */
  readonly flags = process.stderr.isTTY ? ["--color", "always"] : [];
  /** In a process group of its own Ctrl-C does not reach it. A pipe would end it together with this process. */
  readonly options: Options;
  private readonly file: FollowedFile;
  private isShown = false;

  constructor(file: string, until: Promise<unknown>) {
    this.file = new FollowedFile(file, 50, (text) => {
      if (this.isShown) {
        process.stderr.write(withoutWait(text));
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

/** Removes the dots printed while it waited, and the duration, which includes the wait. */
export function withoutWait(text: string): string {
  return text.replace(/^\.+\n|^.*Duration:.*\n\n?/gm, "");
}
