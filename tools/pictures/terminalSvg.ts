import { outputOf, type Recording } from "./record";
import { colors, type Run, Screen, screenSize, trimmed } from "./screen";

/** An SVG with a typed command and the screen at the end of its recording. */
export async function screenAsSvg(typed: string, recording: Pick<Recording, "pieces">): Promise<string> {
  const screen = new Screen(everyRow);
  await screen.write(prompt(typed) + outputOf(recording));
  const lines = screen.lines();
  return drawing(lines.length, textsOf(lines));
}

/** More than a command fills. */
const everyRow = 400;
/** Rows of a recording. */
const playedRows = 30;
/** Milliseconds that a recording is shown for after its end, and that nothing may change for in it. */
const shown = { afterEnd: 6000, longestPause: 2500, shortest: 100 };

/** An SVG that plays what a command printed, again and again. Pauses are shortened. */
export async function recordingAsSvg(typed: string, { pieces }: Pick<Recording, "pieces">): Promise<string> {
  const screen = new Screen(playedRows);
  await screen.write(prompt(typed));
  const frames: Frame[] = [{ at: 0, lines: screen.lines() }];
  let [now, last] = [0, 0];
  for (const { at, text } of pieces) {
    now += Math.min(at - last, shown.longestPause);
    last = at;
    await screen.write(text);
    const lines = screen.lines();
    const before = frames.at(-1) as Frame;
    if (now - before.at < shown.shortest) {
      before.lines = lines;
    } else {
      frames.push({ at: now, lines });
    }
  }
  const rows = rowsOf(frames);
  return drawing(Math.max(...rows.map(({ row }) => row)) + 1, [
    `<g visibility="hidden"><animate id="play" attributeName="opacity" values="1" begin="0s;play.end" dur="${seconds(now + shown.afterEnd)}"/></g>`,
    ...rows.flatMap(({ row, from, to, runs }) => {
      const [begin, end] = [`play.begin+${seconds(from)}`, `play.begin+${seconds(to ?? 0)}`];
      // Where nothing moves, the last screen is shown.
      return to === undefined
        ? textsOf([runs], row, "", `<set attributeName="visibility" to="hidden" begin="play.begin" end="${begin}"/>`)
        : textsOf(
            [runs],
            row,
            ' visibility="hidden"',
            `<set attributeName="visibility" to="visible" begin="${begin}" end="${end}"/>`,
          );
    }),
  ]);
}

interface Frame {
  at: number;
  lines: Run[][];
}

/** What stands in one row of a recording for a while. */
interface Row {
  row: number;
  from: number;
  to: number | undefined;
  runs: Run[];
}

function rowsOf(frames: readonly Frame[]): Row[] {
  const rows: Row[] = [];
  const current = new Map<number, { key: string; found: Row | undefined }>();
  for (const { at, lines } of frames) {
    const height = Math.max(lines.length, ...[...current.keys()].map((row) => row + 1));
    for (let row = 0; row < height; row += 1) {
      const runs = trimmed(lines[row] ?? []);
      const key = JSON.stringify(runs);
      const before = current.get(row);
      if (before?.key === key) {
        continue;
      }
      if (before?.found !== undefined) {
        before.found.to = at;
      }
      const found = runs.length === 0 ? undefined : { row, from: at, to: undefined, runs };
      if (found !== undefined) {
        rows.push(found);
      }
      current.set(row, { key, found });
    }
  }
  return rows;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)}s`;

/** A command at the prompt of a shell. */
const prompt = (typed: string): string => `\u001b[1;38;2;126;231;135m$ \u001b[39m${typed}\u001b[0m\r\n`;

/** Pixels. */
const metrics = { character: 8.43, line: 20, font: 14, margin: 18 };

/** An SVG with some rows of text. */
function drawing(height: number, elements: string[]): string {
  const width = Math.ceil(screenSize.columns * metrics.character + 2 * metrics.margin);
  const pixels = height * metrics.line + 2 * metrics.margin;
  const font = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${pixels}" width="${width}" font-family="${font}" font-size="${metrics.font}">`,
    `<rect width="${width}" height="${pixels}" rx="8" fill="${colors.background}"/>`,
    ...elements,
    "</svg>",
    "",
  ].join("\n");
}

/** The elements of lines, from a row on; none for an empty line. */
function textsOf(lines: Run[][], first = 0, attributes = "", inner = ""): string[] {
  return lines.flatMap((runs, index) => {
    const spans = trimmed(runs).map(
      ({ text, color, bold }) =>
        `<tspan fill="${color}"${bold ? ' font-weight="bold"' : ""}>${escapeXml(text)}</tspan>`,
    );
    const y = metrics.margin + (first + index + 0.75) * metrics.line;
    return spans.length === 0
      ? []
      : [`<text x="${metrics.margin}" y="${y}"${attributes}>${spans.join("")}${inner}</text>`];
  });
}

/** Escapes text for XML, with spaces that no viewer collapses. */
function escapeXml(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
