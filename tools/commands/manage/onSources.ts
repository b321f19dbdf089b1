import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { archiveContext } from "../../docker/contextArchive";
import { makeScratch } from "../../scratch";
import { lastLines } from "../../terminal/captured";
import { withCleanup } from "../../terminal/cleanup";
import { step } from "../../terminal/progress";
import { type Pod, podProgram } from "./pod";
import { type Digests, inWords, putBack } from "./putBack";
import { readReturned, type ReturnedFile } from "./returned";
import { leftOut, limitBytes, type Sources } from "./sources";

/** Where a project's sources are in a pod, and what they were when they arrived. */
interface Copy {
  folder: string;
  digests: Digests;
}

/**
 * Runs a command in a pod on a copy of a project's sources, writes what it wrote into the project, and says what.
 *
 * @param run runs it in a folder of the pod and returns its exit code
 * @returns the exit code; 1 for 0 when a file could not be written under its own name
 */
export async function runOnSources(
  pod: Pod,
  sources: Sources,
  run: (folder: string, interruption: AbortSignal) => Promise<number>,
): Promise<number> {
  return await withCleanup(async (cleanup) => {
    const { interruption } = cleanup;
    const count = sources.files.length;
    const title = `Copy of ${sources.folder} in pod ${pod.name}: ${count} ${count === 1 ? "file" : "files"}`;
    const copy = await step(title, async () => await send(pod, sources, interruption));
    // What cannot be removed goes with the pod.
    cleanup.atEnd(copy.folder, async () => {
      await pod.ask(podProgram("remove", copy.folder));
    });
    interruption.throwIfAborted();
    const exitCode = await run(path.posix.join(copy.folder, "sources", sources.within), interruption);
    interruption.throwIfAborted();
    const returned = await collect(pod, copy, interruption);
    const outcomes = putBack(sources.folder, returned, copy.digests);
    for (const line of outcomes.flatMap((each) => inWords(sources.folder, each) ?? [])) {
      console.error(line);
    }
    const isWhole = outcomes.every(({ became }) => became !== "beside" && became !== "refused");
    return exitCode === 0 && !isWhole ? 1 : exitCode;
  });
}

/** Sends sources on standard input: they stand in no pod's spec and in no process list. */
async function send(pod: Pod, { folder, files, folders }: Sources, interruption: AbortSignal): Promise<Copy> {
  const isFile = (name: string): boolean => fs.lstatSync(path.join(folder, name)).isFile();
  const scratch = makeScratch("manage");
  try {
    const archive = path.join(scratch.folder, "sources.tar");
    await archiveContext(folder, { files, folders }, archive);
    const file = fs.openSync(archive, "r");
    const program = podProgram("unpack", String(files.filter(isFile).length));
    const sent = await pod.ask(program, { file }, interruption).finally(() => {
      fs.closeSync(file);
    });
    interruption.throwIfAborted();
    if (sent.exitCode !== 0) {
      throw new Problem(
        `The files of ${folder} cannot be sent to pod ${pod.name}`,
        undefined,
        lastLines(sent.stderr.toString(), 10),
      );
    }
    return JSON.parse(sent.stdout.toString()) as Copy;
  } finally {
    scratch.remove();
  }
}

async function collect(pod: Pod, copy: Copy, interruption: AbortSignal): Promise<ReturnedFile[]> {
  const program = podProgram("collect", copy.folder, leftOut, String(limitBytes));
  const collected = await pod.ask(program, undefined, interruption);
  interruption.throwIfAborted();
  if (collected.exitCode !== 0) {
    throw new Problem(
      `What the command wrote cannot be fetched from pod ${pod.name}, and nothing is written here`,
      "run the command again",
      lastLines(collected.stderr.toString(), 10),
    );
  }
  return await readReturned(collected.stdout);
}
