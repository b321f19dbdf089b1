import { type IBufferCell, Terminal } from "@xterm/headless";
import execa from "execa";

/** The output of a command on a terminal, with all control characters. */
export interface Recording {
  exitCode: number;
  output: string;
}

/** Characters. */
const size = { columns: 104, rows: 400 };

/** Runs a command on a pseudo-terminal. */
export async function record(
  command: string,
  { folder, environment }: { folder: string; environment: NodeJS.ProcessEnv },
): Promise<Recording> {
  const shell = `stty cols ${size.columns} rows 50; exec ${command}`;
  const { exitCode, stdout } = await execa("script", ["--quiet", "--return", "--command", shell, "/dev/null"], {
    cwd: folder,
    env: { ...environment, TERM: "xterm-256color" },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, output: stdout };
}

interface Run {
  text: string;
  color: string;
  bold: boolean;
}

const palette = [
  "#484f58 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4",
  "#6e7681 #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #f0f6fc",
].flatMap((line) => line.split(" "));
const colors = { text: "#c9d1d9", background: "#0d1117", prompt: "#7ee787" };

/** An SVG with a typed command and the screen at the end of its recording. */
export async function screenAsSvg(typed: string, { output }: Recording): Promise<string> {
  const terminal = new Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => {
    terminal.write(output, resolve);
  });
  const lines = Array.from({ length: size.rows }, (_, row) => lineOf(terminal, row));
  while (lines.at(-1)?.every(({ text }) => text.trim() === "") ?? false) {
    lines.pop();
  }
  const prompt: Run[] = [
    { text: "$ ", color: colors.prompt, bold: true },
    { text: typed, color: colors.text, bold: true },
  ];
  return draw([prompt, ...lines]);
}

function lineOf(terminal: Terminal, row: number): Run[] {
  const line = terminal.buffer.active.getLine(row);
  const runs: Run[] = [];
  for (let column = 0; column < size.columns; column += 1) {
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

/** Pixels. */
const metrics = { character: 8.43, line: 20, font: 14, margin: 18 };

function draw(lines: Run[][]): string {
  const width = Math.ceil(size.columns * metrics.character + 2 * metrics.margin);
  const height = lines.length * metrics.line + 2 * metrics.margin;
  const rows = lines.map((runs, index) => {
    const spans = trimmed(runs).map(
      ({ text, color, bold }) =>
        `<tspan fill="${color}"${bold ? ' font-weight="bold"' : ""}>${escapeXml(text)}</tspan>`,
    );
    const y = metrics.margin + (index + 0.75) * metrics.line;
    return spans.length === 0 ? [] : [`<text x="${metrics.margin}" y="${y}">${spans.join("")}</text>`];
  });
  const font = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="${font}" font-size="${metrics.font}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${colors.background}"/>`,
    ...rows.flat(),
    "</svg>",
    "",
  ].join("\n");
}

/** The line without trailing blanks. */
function trimmed(runs: Run[]): Run[] {
  const end = runs.findLastIndex(({ text }) => text.trim() !== "");
  return runs.slice(0, end + 1).map((run, index) => (index === end ? { ...run, text: run.text.trimEnd() } : run));
}

/** Escapes text for XML, with spaces that no viewer collapses. */
function escapeXml(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
