import type { SavesName } from "../scenarioNames";
import { median, summarize } from "../statistics";
import { savesProjects } from "./projects";

/** What is measured of a command that watches, in the order of the report. */
export const rowTitles = {
  python: "one Python file saved, to the page",
  template: "one template saved, to the page",
  branch: "5,000 files changed, to the pod",
  first: "first start from nothing, layers cached",
  cpu: "CPU of the command at rest",
  memory: "memory of the command at rest",
  podCpu: "CPU of the pods at rest",
  podMemory: "memory of the pods at rest",
} as const;
export type RowName = keyof typeof rowTitles;

const units: Record<RowName, string> = {
  python: "s",
  template: "s",
  branch: "s",
  first: "s",
  cpu: "% of a core",
  memory: "MiB",
  podCpu: "% of a core",
  podMemory: "MiB",
};

/** The figures of one side in one project. */
export interface SideFigures {
  /** Title of the side. */
  title: string;
  rows: Partial<Record<RowName, number[]>>;
}

/** The figures of a project, the program's side first. */
export type SavesResult = Partial<Record<SavesName, SideFigures[]>>;

/** One row for each figure of each project: minimum and median of each side, and the ratio of the medians. */
export function savesRows(saves: SavesResult): string[][] {
  return Object.entries(saves).flatMap(([name, sides]) => {
    const rows = (Object.keys(rowTitles) as RowName[]).filter((row) => sides.some(({ rows: each }) => each[row]));
    return rows.map((row, index) => [
      index === 0 ? savesProjects[name as SavesName].title : "",
      rowTitles[row],
      ...cellsOf(row, sides),
    ]);
  });
}

function cellsOf(row: RowName, [ours, theirs]: SideFigures[]): [string, string, string] {
  const [own, other] = [ours?.rows[row], theirs?.rows[row]];
  const ratio = own && other && units[row] === "s" ? (median(own) / median(other)).toFixed(2) : "";
  return [inWords(row, own), inWords(row, other), ratio];
}

function inWords(row: RowName, values: number[] | undefined): string {
  if (values === undefined) {
    return "";
  }
  const digits = { s: 2, "% of a core": 1, MiB: 0 }[units[row]] ?? 0;
  const { minimum, median: middle } = summarize(values);
  const numbers = values.length === 1 ? [middle] : [minimum, middle];
  return `${numbers.map((each) => each.toFixed(digits)).join(" / ")} ${units[row]}`;
}

export const savesHead = ["project", "", "npm run watch", "skaffold dev", "ratio"];

/** How the commands that watch were measured. */
export function savesConditions(saves: number): string {
  return [
    `Saves: minimum / median of ${saves} within one running command, after pauses of 1 to 2 s, from the write of the file to the answer from which on all have its content; the page is asked for every 5 ms.`,
    "skaffold dev: sync.manual of all files, runserver with its autoreloader, a writable image, without bytecode of the project. npm run watch: gunicorn with the example's config.",
    "Memory: PSS. At rest: over 30 s. Ratio: of the medians.",
  ].join("\n");
}
