import Table from "cli-table3";

const sides = ["top", "bottom", "left", "right"].flatMap((side) =>
  ["", "-mid", "-left", "-right"].map((part) => side + part),
);
/** cli-table3 draws every border that is not named. */
const borderless = Object.fromEntries(
  [...sides, "mid", "mid-mid", "left-mid", "right-mid", "middle"].map((part) => [part, ""]),
);

/** Rows in aligned columns, indented, without borders. */
export function alignedTable(rows: string[][]): string {
  const table = new Table({ chars: borderless, style: { "padding-left": 2, "padding-right": 0, compact: true } });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
