import fs from "node:fs";
import path from "node:path";

import Table from "cli-table3";

import type { Builder } from "../../components/config/image";
import type { Machine } from "./machine";
import { type Asking, askingText, type ClusterName } from "./minikube";
import type { Profile } from "./profile/profile";
import { type ScenarioName, scenarioNames, scenarioTitles } from "./scenarioNames";
import { type Figures } from "./scenarios";
import { savesConditions, savesHead, type SavesResult, savesRows } from "./saves/result";
import { medianRatio, summarize, type Summary } from "./statistics";

/** The result of one run of the bench. */
export interface Result {
  date: string;
  cluster: ClusterName;
  builder: Builder;
  rounds: number;
  /** What questions to minikube add; absent for another target. */
  asking?: Asking;
  machine: Machine;
  scenarios: Partial<Record<ScenarioName, ScenarioResult>>;
  profiles: Profile[];
  /** What commands that watch do about saves; absent where that was not measured. */
  saves?: { count: number; figures: SavesResult };
}

/** Seconds and MiB of one side in one scenario. */
export interface SideResult extends Summary, Figures {
  /** Median over the rounds of this side's seconds divided by the last side's. */
  ratio: number;
}

/** The last side is the deployment by hand, with which the others are compared. */
export type ScenarioResult = SideResult[];

export function compare(figures: readonly Figures[]): ScenarioResult {
  const byHand = figures.at(-1)?.seconds ?? [];
  return figures.map((each) => ({
    ...summarize(each.seconds),
    ...each,
    ratio: medianRatio(each.seconds, byHand),
  }));
}

/** The titles of all sides in their order. Some sides take part in one scenario only. */
function titlesOf(scenarios: Result["scenarios"]): string[] {
  const [most = []] = Object.values(scenarios).sort((a, b) => b.length - a.length);
  return most.map(({ title }) => title);
}

function headOf(scenarios: Result["scenarios"]): string[] {
  const titles = titlesOf(scenarios);
  return ["", ...titles.flatMap((title, index) => [title, ...(isLast(titles, index) ? [] : ["ratio"]), "memory"])];
}

const isLast = (sides: readonly unknown[], index: number): boolean => index === sides.length - 1;

/** One row for each scenario, with the minimum and median, the ratio and the peak memory of each side. */
export function rowsOf(scenarios: Result["scenarios"]): string[][] {
  const titles = titlesOf(scenarios);
  return scenarioNames.flatMap((name) => {
    const found = scenarios[name];
    if (!found) {
      return [];
    }
    const cells = titles.flatMap((title, index) => {
      const side = found.find((each) => each.title === title);
      const ratio = isLast(titles, index) ? [] : [side?.ratio.toFixed(2) ?? ""];
      return [side === undefined ? "" : time(side), ...ratio, side === undefined ? "" : memory(side)];
    });
    return [[scenarioTitles[name], ...cells]];
  });
}

const time = ({ minimum, median }: Summary): string => `${minimum.toFixed(2)} / ${median.toFixed(2)} s`;
const memory = ({ peakMib }: Figures): string => `${Math.round(peakMib)} MiB`;

/** The conditions of the measurement, which stand under the tables. */
export function conditions({ date, cluster, builder, rounds, asking, machine, scenarios, saves }: Result): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const isCompared = Object.keys(scenarios).length > 0;
  return [
    ...(isCompared
      ? [
          `Minimum / median of ${rounds} rounds in turns. Ratio: median over the rounds of time / time by hand.`,
          "Memory: peak of a command and its descendants together (PSS).",
        ]
      : []),
    ...(saves === undefined ? [] : [savesConditions(saves.count)]),
    ...(asking === undefined ? [] : [askingText(asking)]),
    `${date}, cluster ${cluster}, builder ${builder}.`,
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, ${machine.system}; ${versions.join(", ")}.`,
    `Load average ${machine.loadBefore} before and ${machine.loadAfter ?? "unknown"} after.`,
  ].join("\n");
}

/** The tables of times and figures, by their heads. */
function tablesOf({ scenarios, saves }: Result): { head: string[]; rows: string[][] }[] {
  return [
    { head: headOf(scenarios), rows: rowsOf(scenarios) },
    { head: savesHead, rows: savesRows(saves?.figures ?? {}) },
  ].filter(({ rows }) => rows.length > 0);
}

/** The tables as a terminal shows them. */
export function toText(result: Result): string {
  const tables = tablesOf(result).map(({ head, rows }) => {
    const table = new Table({ head, style: { head: [], border: [] } });
    table.push(...rows);
    return table.toString();
  });
  return [...tables, conditions(result), ...result.profiles.map(profileText)].join("\n");
}

function profileText({ title, phases }: Profile): string {
  const table = new Table({ head: [`Where the time goes: ${title}`, "ms"], style: { head: [], border: [] } });
  table.push(
    ...phases.map(({ title: phase, milliseconds, level }) => [
      `${"    ".repeat(level)}${phase}`,
      { content: milliseconds.toFixed(0), hAlign: "right" as const },
    ]),
  );
  return table.toString();
}

/** The tables for docs/performance.md. */
export function toMarkdown(result: Result): string {
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  const rule = (cells: string[]): string => line(cells.map(() => "---"));
  const profiles = result.profiles.flatMap(({ title, phases }) => [
    "",
    line([`where the time goes: ${title}`, "ms"]),
    rule(["", ""]),
    ...phases.map(({ title: phase, milliseconds, level }) =>
      line([level === 0 ? phase : `&nbsp;&nbsp;${phase}`, milliseconds.toFixed(0)]),
    ),
  ]);
  const tables = tablesOf(result).flatMap(({ head, rows }) => [line(head), rule(head), ...rows.map(line), ""]);
  return [...tables, conditions(result), ...profiles, ""].join("\n");
}

const folder = path.join(__dirname, "results");

/** Writes the result to files, from which docs/performance.md takes its figures; returns the files. */
export function save(result: Result): string[] {
  fs.mkdirSync(folder, { recursive: true });
  const name = result.cluster === "local" ? "latest" : result.cluster;
  const files = [path.join(folder, `${name}.json`), path.join(folder, `${name}.md`)] as const;
  fs.writeFileSync(files[0], `${JSON.stringify(result, undefined, 2)}\n`);
  fs.writeFileSync(files[1], toMarkdown(result));
  return [...files];
}
