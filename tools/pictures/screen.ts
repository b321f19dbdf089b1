import { type IBufferCell, Terminal } from "@xterm/headless";

/** Characters; a command sees so many rows. */
export const screenSize = { columns: 104, rows: 50 };

/** Characters that look the same. */
export interface Run {
  text: string;
  color: string;
  bold: boolean;
}

const palette = [
  "#484f58 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4",
  "#6e7681 #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #f0f6fc",
].flatMap((line) => line.split(" "));
export const colors = { text: "#c9d1d9", background: "#0d1117" };

/** A terminal without a window. */
export class Screen {
  private readonly terminal: Terminal;

  /** @param rows that it shows: what comes before them is out of sight */
  constructor(private readonly rows: number) {
    this.terminal = new Terminal({ cols: screenSize.columns, rows, allowProposedApi: true, convertEol: true });
  }

  async write(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.terminal.write(text, resolve);
    });
  }

  /** Its lines without the empty ones at the end. */
  lines(): Run[][] {
    const { baseY } = this.terminal.buffer.active;
    const lines = Array.from({ length: this.rows }, (_, row) => lineOf(this.terminal, baseY + row));
    while (lines.at(-1)?.every(({ text }) => text.trim() === "") ?? false) {
      lines.pop();
    }
    return lines;
  }
}

function lineOf(terminal: Terminal, row: number): Run[] {
  const line = terminal.buffer.active.getLine(row);
  const runs: Run[] = [];
  for (let column = 0; column < screenSize.columns; column += 1) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) {
      continue;
    }
    const style = { color: colorOf(cell), bold: cell.isBold() !== 0 };
    const last = runs.at(-1);
    const text = cell.getChars() || " ";
    if (last?.color === style.color && last.bold === style.bold) {
      last.text += text;
    } else {
      runs.push({ text, ...style });
    }
  }
  return runs;
}

function colorOf(cell: IBufferCell): string {
  if (cell.isFgRGB()) {
    return `#${cell.getFgColor().toString(16).padStart(6, "0")}`;
  }
  return (cell.isFgPalette() ? palette[cell.getFgColor()] : undefined) ?? colors.text;
}

/** The line without trailing blanks. */
export function trimmed(runs: Run[]): Run[] {
  const end = runs.findLastIndex(({ text }) => text.trim() !== "");
  return runs.slice(0, end + 1).map((run, index) => (index === end ? { ...run, text: run.text.trimEnd() } : run));
}
