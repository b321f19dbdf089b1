import fs from "node:fs";
import path from "node:path";

import ts from "typescript";

import { Commands } from "../commands";
import { untilServed } from "../page";
import { editHeading } from "../side";
import type { ByHand } from "../byHand";
import type { Ours } from "../ours";
import { EventLog, eventLogEnvironment } from "../../pulumi/engineEvents";
import { type Phase, phasesOf } from "./phases";
import { PodWatch } from "./podWatch";
import type { ProgramTimes } from "./programTimes";

/** Where the time of one operation goes. */
export interface Profile {
  title: string;
  phases: Phase[];
}

/** Records one `pulumi up` without a change and one after an edit, and the same edit by hand. Both sides are deployed. */
export async function recordProfiles(ours: Ours, byHand: ByHand): Promise<Profile[]> {
  const noop = await recordUp(ours);
  editHeading(ours.commands.folder);
  const edit = await recordUp(ours);
  return [
    { title: "nothing changed", phases: noop },
    { title: "one line edited", phases: edit },
    { title: "the same edit by hand", phases: await recordByHand(byHand) },
  ];
}

async function recordUp(ours: Ours): Promise<Phase[]> {
  const { folder, environment } = ours.commands;
  const probe = path.join(folder, "probe.cjs");
  const times = path.join(folder, "program-times.json");
  const events = path.join(folder, "events.json");
  fs.writeFileSync(probe, transpiledProbe());
  const commands = new Commands(folder, {
    ...environment,
    ...eventLogEnvironment,
    NODE_OPTIONS: `--require ${probe}`,
    BENCH_PROBE_FILE: times,
  });
  const log = new EventLog(events, 5);
  const pods = new PodWatch(ours.commands, ours.namespace);
  const now = (): number => performance.timeOrigin + performance.now();
  try {
    const start = now();
    await ours.operate("up", ["--event-log", events], commands);
    const end = now();
    const program = JSON.parse(fs.readFileSync(times, "utf8")) as ProgramTimes;
    return phasesOf({ start, end, program, events: log.stop(), pod: await pods.stop() });
  } finally {
    // What still watches would keep the bench from ending.
    log.stop();
    await pods.stop();
  }
}

/** The probe as a file that Node loads on its own: ts-node in the program would load it in the middle of itself. */
function transpiledProbe(): string {
  const source = fs.readFileSync(path.join(__dirname, "probe.ts"), "utf8");
  return ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText;
}

async function recordByHand(byHand: ByHand): Promise<Phase[]> {
  const { commands } = byHand;
  const url = await byHand.url();
  const heading = editHeading(commands.folder);
  const pods = new PodWatch(commands, byHand.namespace);
  commands.finished.length = 0;
  const start = performance.now();
  await byHand.edited();
  const ran = [...commands.finished];
  const asked = performance.now();
  await untilServed(url, heading);
  const end = performance.now();
  const { created, started, ready } = await pods.stop();
  const phases: Phase[] = [
    ...ran.map(({ command, milliseconds }): Phase => ({ title: command, milliseconds, level: 0 })),
    { title: "pod created to container started", milliseconds: (started ?? NaN) - (created ?? NaN), level: 1 },
    { title: "container started to ready", milliseconds: (ready ?? NaN) - (started ?? NaN), level: 1 },
    { title: "GET until the new page", milliseconds: end - asked, level: 0 },
    { title: "together", milliseconds: end - start, level: 0 },
  ];
  return phases.filter(({ milliseconds }) => !Number.isNaN(milliseconds));
}
