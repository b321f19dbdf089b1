import fs from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** A file that another process writes, read while it grows. The writer goes on when this process is killed. */
export class FollowedFile {
  readonly handle: number;
  private position = 0;
  private isClosed = false;
  private readonly decoder = new StringDecoder();
  private readonly timer: NodeJS.Timeout;

  /** Reads the file every `pollMilliseconds`, and calls `onText` with what was added. */
  constructor(
    private readonly file: string,
    pollMilliseconds: number,
    private readonly onText: (text: string) => void,
  ) {
    this.handle = fs.openSync(file, "wx+", 0o600);
    this.timer = setInterval(() => {
      this.read();
    }, pollMilliseconds);
  }

  /** Reads the rest, and removes the file. */
  stop(): void {
    clearInterval(this.timer);
    if (!this.isClosed) {
      this.read();
      fs.closeSync(this.handle);
      this.unlink();
      this.isClosed = true;
    }
  }

  private read(): void {
    const { size } = fs.fstatSync(this.handle);
    if (size <= this.position) {
      return;
    }
    const added = Buffer.alloc(size - this.position);
    fs.readSync(this.handle, added, 0, added.length, this.position);
    this.unlink();
    this.position = size;
    this.onText(this.decoder.write(added));
  }

  /** Once the writer has opened the file: it may hold secrets, and a killed process removes nothing. */
  private unlink(): void {
    try {
      fs.rmSync(this.file, { force: true });
    } catch {
      // Windows keeps it until the writer has ended.
    }
  }
}
