import type { Options } from "execa";

import { endLine, noteLine } from "../terminal/openLine";
import { EngineText } from "./engineText";
import { FollowedFile } from "./followedFile";

/** The output of an operation, as a user sees it. */
export class EngineOutput {
  /** For the Pulumi CLI, which sees a file instead of the terminal. */
  readonly flags = process.stderr.isTTY ? ["--color", "always"] : [];
  /** In a process group of its own Ctrl-C does not reach it. A pipe would end it together with this process. */
  readonly options: Options;
  private readonly file: FollowedFile;
  private readonly text = new EngineText(process.stderr.isTTY ? process.stderr.columns : undefined);

  constructor(file: string) {
    this.file = new FollowedFile(file, 50, (added) => {
      process.stderr.write(this.text.take(added));
      noteLine(this.text.isInLine);
    });
    this.options = { stdio: ["ignore", this.file.handle, this.file.handle], detached: true };
  }

  /** Who has the stack, when the CLI refused the operation because of that. */
  get locks(): string[] | undefined {
    return this.text.locks;
  }

  /** Shows a line of this process between those of the operation. */
  readonly say = (line: string): void => {
    endLine();
    process.stderr.write(`${line}\n`);
  };

  /** Shows nothing of the end of an operation that was cancelled. */
  cancel(): void {
    this.text.cancel();
  }

  stop(): void {
    this.file.stop();
    process.stderr.write(this.text.end());
    noteLine(false);
  }
}
