import type { SizeResult, StepName } from "./result";

const mib = 2 ** 20;

/** A figure of each size: a row of the table. */
export interface Figure {
  title: string;
  unit: "" | "s" | "MiB";
  value: (result: SizeResult) => number | undefined;
  /** Whether the command was ended before it had the figure. */
  isCutOff?: (result: SizeResult) => boolean;
}

/** The seconds of a step. */
function seconds(title: string, name: StepName): Figure {
  const isCutOff = ({ steps }: SizeResult): boolean => steps[name]?.finished === false;
  return {
    title: `${title}, s`,
    unit: "s",
    isCutOff,
    value: (result) => (isCutOff(result) ? undefined : result.steps[name]?.seconds),
  };
}

/** How much a step printed. */
function printed(title: string, name: StepName): Figure {
  return { title, unit: "MiB", value: (result) => printedMib(result, name) };
}

export function printedMib({ steps }: SizeResult, name: StepName): number | undefined {
  const step = steps[name];
  return step?.finished === true ? step.printedBytes / mib : undefined;
}

/** The whole state's size: not that of one which an update left halfway. */
export function stateMib({ steps: { up }, state }: SizeResult): number | undefined {
  return up?.finished === true && state !== undefined ? state.bytes / mib : undefined;
}

/** A step's seconds without the CLI's start and end, as Pulumi rounds them. */
function engineSeconds(name: StepName): Figure {
  return {
    title: "- by the engine's clock, whole s",
    unit: "",
    value: ({ steps: { [name]: step } }) => (step?.finished === true ? step.engineSeconds : undefined),
  };
}

export const figures: readonly Figure[] = [
  { title: "resources", unit: "", value: ({ program }) => program.resources },
  { title: "program alone, s", unit: "s", value: ({ program }) => program.seconds },
  { title: "program alone, MiB", unit: "MiB", value: ({ program }) => program.peakMib },
  seconds("`preview` of all as new", "previewNew"),
  seconds("first `up`", "up"),
  engineSeconds("up"),
  seconds("`up`, no change", "noop"),
  engineSeconds("noop"),
  seconds("`up`, one app changed", "upOne"),
  seconds("`preview`, all changed", "previewAll"),
  seconds("`destroy`", "destroy"),
  printed("`preview --json` of all as new, MiB", "previewNewJson"),
  printed("`preview --json`, all changed, MiB", "previewAllJson"),
  {
    title: "state, MiB",
    unit: "MiB",
    value: stateMib,
  },
  {
    title: "written by the first `up`, MiB",
    unit: "MiB",
    value: ({ steps: { up } }) => (up?.finished === true ? up.writtenMib : undefined),
  },
  { title: "memory, MiB", unit: "MiB", value: peakMib },
];

/** The most that any of the commands held. */
export function peakMib({ steps }: SizeResult): number | undefined {
  const peaks = Object.values(steps).map((step) => step.peakMib);
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

/** Seconds with as many digits as say something. */
export function duration(value: number): string {
  return value < 1 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** MiB with as many digits as say something. */
export function size(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}

/** By what a figure grew, as "×9.8". */
export function times(factor: number): string {
  return `×${Number(factor.toFixed(factor < 10 ? 1 : 0))}`;
}
