import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

import retry from "async-retry";
import execa from "execa";

import { networkReason, whyUnreachable } from "./hosts";
import type { Progress } from "../../terminal/progress";
import type { Download } from "./tool";
import { architecture } from "./versions";

/** Milliseconds without a byte after which a transfer fails, and before it is tried again. */
const patience = { standstill: 30_000, pause: 500 };

/**
 * Downloads files into a tool's folder, verifies them, and unpacks archives.
 *
 * @param machine the architecture, in Go's spelling; @default this machine's
 * @throws an error that names the host that cannot be reached, or the address and what was wrong
 */
export async function downloadAll(
  files: readonly Download[],
  folder: string,
  progress: Progress,
  machine = architecture.go,
): Promise<void> {
  const unknown = files.find((file) => file.sums[machine] === undefined);
  if (unknown !== undefined) throw new Error(`no sum is known of ${unknown.url}`);
  const origins = new Set(files.map(({ url }) => new URL(url).origin));
  const reasons = (await Promise.all([...origins].map((origin) => whyUnreachable(origin)))).filter(
    (reason) => reason !== undefined,
  );
  if (reasons.length > 0) throw new Error(reasons.join(" and "));
  for (const file of files) await downloadOne(file, folder, progress, file.sums[machine] ?? "");
}

async function downloadOne(file: Download, folder: string, progress: Progress, expected: string): Promise<void> {
  const isArchive = /\.(tgz|tar\.gz)$/.test(file.url);
  const target = path.join(folder, isArchive ? path.basename(file.url) : file.to);
  await mkdir(path.dirname(target), { recursive: true });
  const algorithm = expected.length === 128 ? "sha512" : "sha256";
  const sum = await download(file.url, target, progress, patience, algorithm);
  if (sum !== expected) {
    await rm(target);
    throw new Error(`${file.url} has the ${algorithm} sum ${sum} instead of ${expected}, so it was deleted`);
  }
  if (!isArchive) {
    await chmod(target, 0o755);
    return;
  }
  progress.detail(`unpacking ${path.basename(target)}`);
  const into = path.join(folder, file.to);
  await mkdir(into, { recursive: true });
  const strip = `--strip-components=${file.strip ?? 1}`;
  await execa("tar", ["-xzf", target, "-C", into, strip, "--no-same-owner", ...(file.members ?? [])]);
  await rm(target);
}

/**
 * Downloads a file; a transfer that breaks is tried again, at most twice.
 *
 * @param limits in milliseconds; @default 30 s without a byte, and half a second before the second try
 * @returns the file's sum, in hexadecimal; @default SHA-256
 */
export async function download(
  url: string,
  file: string,
  progress: Progress,
  limits = patience,
  algorithm: "sha256" | "sha512" = "sha256",
): Promise<string> {
  return await retry(
    async (giveUp) => {
      const still = new AbortController();
      const timer = setTimeout(() => {
        still.abort(new Error(`${url} sent nothing for ${limits.standstill / 1_000} s`));
      }, limits.standstill);
      try {
        const response = await get(url, still.signal);
        if (!response.body) throw new Error(`${url} sent an empty answer`);
        const hash = createHash(algorithm);
        const total = Number(response.headers.get("content-length") ?? 0);
        let received = 0;
        const watch = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
          for await (const chunk of chunks) {
            timer.refresh();
            hash.update(chunk);
            received += chunk.length;
            progress.detail(`${path.basename(url)} ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ""} MB`);
            yield chunk;
          }
        };
        await pipeline(response.body, watch, createWriteStream(file), { signal: still.signal });
        return hash.digest("hex");
      } catch (error) {
        const reason: unknown = still.signal.aborted ? still.signal.reason : error;
        if (!(reason instanceof RefusedError)) throw reason;
        giveUp(reason);
        throw reason;
      } finally {
        clearTimeout(timer);
      }
    },
    { retries: 2, minTimeout: limits.pause },
  );
}

/** A response that a second request would not change. */
class RefusedError extends Error {}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    throw new Error(`${url} cannot be fetched (${networkReason(error)})`);
  });
  if (!response.ok) throw new RefusedError(`${url} answered ${response.status}`);
  return response;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
