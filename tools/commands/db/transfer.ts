import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { Problem } from "../../../components/problem";
import { removeAbandoned } from "../../sandbox/install/folders";
import { lastLines } from "../../terminal/captured";
import type { Progress } from "../../terminal/progress";
import { syncFolder, unwritable } from "../../wholeFile";
import type { Pod, RunningCommand } from "../manage/pod";
import { placeOfBackup } from "./file";
import { systemReason } from "../../systemReason";

/** What a transfer is, for messages: what fails, and where it comes from. */
export interface Transfer {
  pod: Pod;
  command: string[];
  /** A clause that says what failed, such as "The database of stack dev cannot be backed up". */
  failed: string;
  /** A clause that says what a failure leaves. @default "everything is as it was" */
  kept?: string;
}

/**
 * Writes what a command in a pod prints into a file: whole, or not at all. The command's last line on standard error is
 * the SHA-256 of what it printed.
 *
 * @returns the file's size in bytes
 * @throws a `Problem` with what the command said
 */
export async function receive(
  { pod, command, failed }: Transfer,
  file: string,
  progress: Progress,
  interruption: AbortSignal,
): Promise<number> {
  const place = placeOfBackup(file);
  // On the same disk, where a name is given at once; what a killed process left goes.
  const partial = `${place}.partial-${process.pid}`;
  const digest = createHash("sha256");
  const meter = new Meter((bytes, chunk) => {
    digest.update(chunk);
    progress.detail(bytesInWords(bytes));
  });
  try {
    removeAbandoned(path.dirname(place));
    const target = fs.createWriteStream(partial, { mode: 0o600, flags: "wx", flush: true });
    const run = pod.start(command, "ignore", interruption);
    await pipeline(run.stdout, meter, target).catch((error: unknown) => {
      run.end();
      throw error;
    });
    const { exitCode, stderr } = await run.ended;
    interruption.throwIfAborted();
    const sum = stderr.trim().split("\n").at(-1);
    if (exitCode !== 0 || sum !== digest.digest("hex")) {
      const said =
        stderr.trim() === "" || exitCode === 0 ? ["the connection to the pod broke off"] : lastLines(stderr, 10);
      throw new Problem(failed, "nothing was written; run the command again", said);
    }
    fs.renameSync(partial, place);
    syncFolder(path.dirname(place));
    return meter.bytes;
  } catch (error) {
    throw error instanceof Problem ? error : unwritable(file, error as NodeJS.ErrnoException);
  } finally {
    fs.rmSync(partial, { force: true });
  }
}

/**
 * Hands a file to a command in a pod. The command says "ready" on standard error when it needs no more than the word to
 * make it so, and "done" after that: until the word nothing is changed, whatever happens here or there.
 *
 * @throws a `Problem` with what the command said
 */
export async function hand(
  transfer: Transfer,
  file: string,
  progress: Progress,
  interruption: AbortSignal,
): Promise<void> {
  const { size } = fs.statSync(file);
  throwIfInterrupted(transfer, interruption);
  const run = transfer.pod.start([...transfer.command, String(size)], "pipe", interruption);
  const send = async (): Promise<void> => {
    let sent = 0;
    for await (const chunk of fs.createReadStream(file) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      progress.detail(`${bytesInWords(sent)} of ${bytesInWords(size)}`);
      if (run.stdin?.write(chunk) === false) {
        // Who has ended waits for nothing, and has said why.
        await Promise.race([once(run.stdin, "drain").catch(() => undefined), run.ended]);
      }
      if (run.stdin?.destroyed === true) {
        return;
      }
    }
    if (sent !== size) {
      throw new Error(`its size changed from ${size} to ${sent} bytes`);
    }
  };
  await complete(transfer, run, { send, progress, interruption });
}

/** As `hand`, for a command that takes nothing, and says on standard error how far it is. */
export async function copyIn(transfer: Transfer, progress: Progress, interruption: AbortSignal): Promise<void> {
  throwIfInterrupted(transfer, interruption);
  const run = transfer.pod.start(transfer.command, "pipe", interruption);
  run.onLine((line) => {
    progress.detail(line);
  });
  await complete(transfer, run, { send: () => Promise.resolve(), progress, interruption });
}

/** Sends a command what it takes, and gives it the word once it is ready. */
async function complete(
  transfer: Transfer,
  run: RunningCommand,
  { send, progress, interruption }: { send: () => Promise<void>; progress: Progress; interruption: AbortSignal },
): Promise<void> {
  const { failed, kept } = transfer;
  run.stdout.resume();
  // A command that ends early says why.
  run.stdin?.on("error", () => undefined);
  const sending = send().catch((error: unknown) => {
    // The command would wait for the rest.
    run.end();
    return error as Error;
  });
  const isReady = await Promise.race([run.said("ready").then(() => true), run.ended.then(() => false)]);
  const isSaid = isReady && (await sending) === undefined && !interruption.aborted;
  if (isSaid) {
    progress.detail("making it so");
    run.stdin?.end("commit\n");
  }
  const { stderr } = await run.ended;
  const unread = await sending;
  if (stderr.split("\n").includes("done")) {
    return;
  }
  const said = lastLines(stderr, 10).filter((line) => line !== "" && line !== "ready");
  const saidOr = (broken: string): string[] => (said.length > 0 ? said : [broken]);
  if (isSaid) {
    const broken = "the connection to the pod broke off at the last step, so it is unknown whether it was";
    throw new Problem(failed, "look at the data before you run the command again", saidOr(broken));
  }
  throwIfInterrupted(transfer, interruption);
  if (unread !== undefined) {
    throw new Problem(`${failed}: the file cannot be read (${systemReason(unread)})`, kept ?? asItWas);
  }
  throw new Problem(failed, kept ?? asItWas, saidOr("the connection to the pod broke off"));
}

const asItWas = "everything is as it was";

/** Throws why a transfer is interrupted, with what that leaves where not everything is as it was. */
function throwIfInterrupted({ kept }: Transfer, interruption: AbortSignal): void {
  const reason: unknown = interruption.reason;
  if (interruption.aborted && kept !== undefined && reason instanceof Problem) {
    throw new Problem(reason.failed, kept);
  }
  interruption.throwIfAborted();
}

/** Counts what goes through. */
class Meter extends Transform {
  bytes = 0;

  constructor(private readonly onChunk: (bytes: number, chunk: Buffer) => void) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    this.onChunk(this.bytes, chunk);
    done(null, chunk);
  }
}

/** Such as `1.5 MB`. */
export function bytesInWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ""}`;
}
