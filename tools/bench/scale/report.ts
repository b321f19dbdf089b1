import fs from "node:fs";
import path from "node:path";

import { curves } from "./curves";
import { duration, type Figure, figures, size, times } from "./figures";
import { drawPicture } from "./picture";
import type { ScaleResult, SizeResult, VariantResult } from "./result";

const countOf = (apps: number): string => (apps === 1 ? "1 app" : `${apps} apps`);

/** One row for each figure, one column for each number of apps: the figure, and by what it grew. */
export function rowsOf({ sizes, limitMinutes }: Pick<ScaleResult, "sizes" | "limitMinutes">): string[][] {
  const cell = (figure: Figure, result: SizeResult, before: SizeResult | undefined): string => {
    if (figure.isCutOff?.(result)) {
      return notFinished(limitMinutes);
    }
    const value = figure.value(result);
    const last = before && figure.value(before);
    return value === undefined ? "" : `${show(figure, value)}${last ? ` (${times(value / last)})` : ""}`;
  };
  const rows = figures.map((figure) => [
    figure.title,
    ...sizes.map((result, index) => cell(figure, result, sizes[index - 1])),
  ]);
  return rows.filter(([, ...cells]) => cells.some((text) => text !== ""));
}

const notFinished = (minutes: number): string => `not finished within ${minutes} min`;

function show({ unit }: Figure, value: number): string {
  return unit === "s" ? duration(value) : unit === "MiB" ? size(value) : String(value);
}

const variantHead = ["apps", "first `up`", "s", "written, MiB", "memory, MiB"];

/** The first up as it is and in other ways, at the sizes where those were measured. */
export function variantRows({ sizes, variants, limitMinutes }: ScaleResult): string[][] {
  const row = ({ apps, name, up }: Pick<VariantResult, "apps" | "up"> & { name: string }): string[] => [
    String(apps),
    name,
    up.finished ? duration(up.seconds) : notFinished(limitMinutes),
    size(up.writtenMib),
    size(up.peakMib),
  ];
  return sizes.flatMap(({ apps, steps: { up } }) => {
    const others = variants.filter((variant) => variant.apps === apps);
    return up === undefined || others.length === 0
      ? []
      : [
          row({ apps, name: "as it is", up }),
          ...others.map((variant) => row({ ...variant, name: `\`${variant.name}\`` })),
        ];
  });
}

/** What stands under the tables, so that the figures can be judged. */
export function conditions({ date, machine, limitMinutes, sizes }: ScaleResult): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `One run, ${date}; each size on a new cluster of ten nodes that kwok fakes, state in a folder; commands end after ${limitMinutes} min.`,
    "Memory is the most that a command and its descendants held together (PSS), looked at four times a second.",
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, ${machine.system}; ${versions.join(", ")}.`,
    ...sizes.flatMap(({ apps, failure }) => (failure === undefined ? [] : [`${countOf(apps)}: ${failure}`])),
    `The machine ran the cluster too. Load average ${machine.loadBefore} before and ${machine.loadAfter ?? "unknown"} after.`,
  ].join("\n");
}

/** The tables for docs/scale.md, which a terminal shows well too. */
export function toMarkdown(result: ScaleResult): string {
  const tables = [
    { head: ["", ...result.sizes.map(({ apps }) => countOf(apps))], rows: rowsOf(result) },
    { head: variantHead, rows: variantRows(result) },
  ];
  const texts = tables.filter(({ rows }) => rows.length > 0).map(({ head, rows }) => table([head, ...rows]));
  return [...texts, `${conditions(result)}\n`].join("\n\n");
}

function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows.map(line);
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body].join("\n");
}

const resultsFolder = path.resolve(__dirname, "..", "results");
const picture = path.resolve(__dirname, "..", "..", "..", "docs", "pictures", "scale.svg");

/**
 * Writes what was measured so far; returns the files.
 *
 * @param isWhole whether all sizes were asked for: part of them would stand in the documentation as if they were all
 */
export function save(result: ScaleResult, isWhole: boolean): string[] {
  fs.mkdirSync(resultsFolder, { recursive: true });
  const name = path.join(resultsFolder, isWhole ? "scale" : "scale-part");
  const files = {
    [`${name}.json`]: `${JSON.stringify(result, undefined, 2)}\n`,
    [`${name}.md`]: toMarkdown(result),
    [isWhole ? picture : `${name}.svg`]: drawPicture(curves(result)),
  };
  for (const [file, text] of Object.entries(files)) {
    fs.writeFileSync(file, text);
  }
  return Object.keys(files);
}
