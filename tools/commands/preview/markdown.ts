const longestValue = 200;

/** Characters that would change the text around them: line feeds, invisible characters, changes of direction. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as a code span. Nothing in the value can end the span; a long value is cut. */
export function code(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(unprintable, escape);
  const short = text.length > longestValue ? `${text.slice(0, longestValue - 20)}… (${text.length} characters)` : text;
  if (short.trim() === "") {
    return "(empty)";
  }
  const fence = "`".repeat(longestRun(short, 0) + 1);
  // Markdown drops a space next to each fence.
  const padding = /^[` ]|[` ]$/.test(short) ? " " : "";
  return `${fence}${padding}${short}${padding}${fence}`;
}

/** Length of the longest run of backticks, but at least `least`. */
function longestRun(text: string, least: number): number {
  return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), least);
}

function escape(character: string): string {
  const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  return known ?? `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
}

/** Text in which codes replace unprintable characters, except for line feeds. */
export function printable(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll(unprintable, (each) => (each === "\n" ? each : escape(each)));
}

/** A block of text. Nothing in the text can end the block, which is at most three times as long as printable text. */
export function block(text: string): string {
  const fence = "`".repeat(longestRun(text, 2) + 1);
  return [`${fence}text`, printable(text), fence].join("\n");
}

/** Content that is folded under a title. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}
