/** A line through measured points. */
export interface Series {
  title: string;
  /** `isBound` for one that lies higher, nobody knows how much. */
  points: { x: number; y: number; isBound?: boolean }[];
}

/** One of the diagrams side by side. */
export interface Panel {
  title: string;
  series: Series[];
}

/** Pixels. */
const plot = { width: 400, height: 300, left: 60, top: 40, bottom: 40, legend: 20 };
const colors = ["#cf222e", "#8250df", "#0969da", "#1a7f37", "#9a6700", "#57606a"];

/** Diagrams with both axes logarithmic: what grows in proportion to the apps rises one power of ten for each to the right. */
export function drawPicture(panels: readonly Panel[]): string {
  const width = panels.length * (plot.left + plot.width) + plot.legend;
  const lines = Math.max(0, ...panels.map(({ series }) => series.length));
  const height = plot.top + plot.height + plot.bottom + lines * plot.legend + plot.legend / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="system-ui,sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    ...panels.flatMap((panel, index) => drawPanel(panel, plot.left + index * (plot.left + plot.width))),
    "</svg>",
    "",
  ].join("\n");
}

/** Maps a range of powers of ten to pixels. */
interface Axis {
  powers: number[];
  at: (value: number) => number;
}

/** The powers of ten that enclose all values, and where each value lies between two pixels. */
export function axis(values: readonly number[], from: number, to: number): Axis {
  const logs = values.filter((value) => value > 0).map(Math.log10);
  const low = Math.floor(Math.min(...logs, Infinity));
  const first = Number.isFinite(low) ? low : 0;
  const last = Math.max(first + 1, Math.ceil(Math.max(...logs, first)));
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return { powers, at: (value) => from + ((Math.log10(value) - first) / (last - first)) * (to - from) };
}

function drawPanel({ title, series }: Panel, left: number): string[] {
  const points = series.flatMap((each) => each.points);
  const right = left + plot.width - plot.legend;
  const bottom = plot.top + plot.height;
  const x = axis(
    points.map((point) => point.x),
    left,
    right,
  );
  const y = axis(
    points.map((point) => point.y),
    bottom,
    plot.top,
  );
  const grid = [
    ...x.powers.map((power) => [x.at(10 ** power), bottom + 16, "middle", power] as const),
    ...y.powers.map((power) => [left - 6, y.at(10 ** power) + 4, "end", power] as const),
  ].map(
    ([atX, atY, anchor, power]) =>
      `<text x="${round(atX)}" y="${round(atY)}" text-anchor="${anchor}" fill="#57606a">${label(power)}</text>`,
  );
  const frame = [
    ...x.powers.map((power) => line(x.at(10 ** power), bottom, x.at(10 ** power), plot.top)),
    ...y.powers.map((power) => line(left, y.at(10 ** power), right, y.at(10 ** power))),
  ];
  return [
    `<text x="${left}" y="${plot.top - 16}" font-weight="bold">${escapeXml(title)}</text>`,
    `<text x="${(left + right) / 2}" y="${bottom + 32}" text-anchor="middle" fill="#57606a">apps in the stack</text>`,
    ...frame,
    ...grid,
    ...series.flatMap((each, index) => drawSeries(each, colors[index % colors.length] ?? "", x, y)),
    ...series.flatMap((each, index) => drawLegend(each, colors[index % colors.length] ?? "", left, index)),
  ];
}

function drawSeries({ points }: Series, color: string, x: Axis, y: Axis): string[] {
  const placed = points
    .filter((point) => point.x > 0 && point.y > 0)
    .map((point) => ({ ...point, x: round(x.at(point.x)), y: round(y.at(point.y)) }));
  const path = placed.map((point) => `${point.x},${point.y}`).join(" ");
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...placed.map(({ x: atX, y: atY, isBound }) =>
      isBound === true
        ? `<path d="M${atX - 5},${atY} h10 l-5,-10 z" fill="#ffffff" stroke="${color}" stroke-width="2"/>`
        : `<circle cx="${atX}" cy="${atY}" r="3" fill="${color}"/>`,
    ),
  ];
}

function drawLegend({ title, points }: Series, color: string, left: number, index: number): string[] {
  const y = plot.top + plot.height + plot.bottom + index * plot.legend + plot.legend / 2;
  const note = points.some(({ isBound }) => isBound === true) ? " (open: not finished)" : "";
  return [
    `<rect x="${left}" y="${y - 9}" width="14" height="4" fill="${color}"/>`,
    `<text x="${left + 22}" y="${y - 3}" fill="#1f2328">${escapeXml(title + note)}</text>`,
  ];
}

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#d0d7de"/>`;

const label = (power: number): string =>
  power < 0 ? (10 ** power).toFixed(-power) : (10 ** power).toLocaleString("en");

const round = (value: number): number => Math.round(value * 10) / 10;

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
