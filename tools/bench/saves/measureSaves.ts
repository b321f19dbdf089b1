import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Progress } from "../../terminal/progress";
import { untilServed, untilServedForGood } from "../page";
import type { SavesName } from "../scenarioNames";
import { measureRest } from "./atRest";
import { branchSize, switchBranch, untilSwitched } from "./branch";
import type { SideFigures } from "./result";
import { pythonEdit, save, type SourceEdit, templateEdit } from "./sourceEdits";
import type { Watching } from "./watching";

/** Seconds for which processor time is measured. */
const restSeconds = 30;
/** How often a branch is switched. */
const switches = 3;

/** How many saves are measured, and who is told how far it is. */
export interface SavesOptions {
  saves: number;
  progress: Progress;
}

/** Starts a command that watches, from nothing deployed, measures it and ends it. Leaves what it deployed. */
export async function measureWatching(
  watching: Watching,
  name: SavesName,
  options: SavesOptions,
): Promise<SideFigures> {
  const { title, side } = watching;
  const tell = (what: string): void => {
    options.progress.detail(`${name}, ${title}, ${what}`);
  };
  tell("the first start");
  const start = performance.now();
  await watching.start();
  const firstSeconds = (performance.now() - start) / 1000;
  try {
    const url = await side.url();
    await untilServed(url, "Django");
    if (name === "saves-branch") {
      return { title, rows: { first: [firstSeconds], branch: await timeSwitches(watching, tell) } };
    }
    const python = await timeSaves(watching, { edit: pythonEdit, url, saves: options.saves, tell });
    const template = await timeSaves(watching, { edit: templateEdit, url, saves: options.saves, tell });
    tell(`${restSeconds} s at rest`);
    const [command, pods] = await measureRest(
      [async () => await watching.processes(), async () => await watching.podProcesses()],
      restSeconds,
    );
    return {
      title,
      rows: {
        first: [firstSeconds],
        python,
        template,
        ...(command && { cpu: [command.cpuPercent], memory: [command.mib] }),
        ...(pods && { podCpu: [pods.cpuPercent], podMemory: [pods.mib] }),
      },
    };
  } finally {
    await watching.stop();
  }
}

/** Seconds before a save, which differ: file events and Django's look at its files have their own rhythms. */
export const pauseBefore = (save: number): number => 1 + ((save * 0.618) % 1);

/**
 * Seconds from each write of a file to the answer from which on all have its content: a worker that is about to end may
 * import the new file first. The first save is not counted.
 */
async function timeSaves(
  watching: Watching,
  { edit, url, saves, tell }: { edit: SourceEdit; url: string; saves: number; tell: (what: string) => void },
): Promise<number[]> {
  const seconds: number[] = [];
  for (let index = 0; index <= saves; index++) {
    tell(`${edit.file}, save ${index} of ${saves}`);
    await sleep(pauseBefore(index) * 1000);
    const start = performance.now();
    const text = save(watching.project, edit);
    const served = await untilServedForGood(url, text, watching.settled());
    if (index > 0) {
      seconds.push((served - start) / 1000);
    }
  }
  return seconds;
}

/** Seconds from the first write of a file to the moment when the pod has all of them. */
async function timeSwitches(watching: Watching, tell: (what: string) => void): Promise<number[]> {
  const pid = Math.min(...(await watching.podProcesses()));
  const seconds: number[] = [];
  for (let index = 1; index <= switches; index++) {
    tell(`${branchSize} files, ${index} of ${switches}`);
    await sleep(pauseBefore(index) * 3000);
    const version = randomUUID();
    const start = performance.now();
    switchBranch(watching.project, version);
    await untilSwitched(`/proc/${pid}/root`, version);
    seconds.push((performance.now() - start) / 1000);
    await watching.settled();
  }
  return seconds;
}
