const longestValue = 200;

/** Characters that would change how the text around them looks: line feeds, invisible ones, changes of direction. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as a code span that nothing in the value can end; a long one is cut. */
export function code(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(unprintable, escape);
  const short = text.length > longestValue ? `${text.slice(0, longestValue - 20)}… (${text.length} characters)` : text;
  if (short.trim() === "") {
    return "(empty)";
  }
  const longestRun = Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  // A space next to the fence is dropped when there is one on both sides.
  const padding = /^[` ]|[` ]$/.test(short) ? " " : "";
  return `${fence}${padding}${short}${padding}${fence}`;
}

function escape(character: string): string {
  const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  return known ?? `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
}

/** A block of text that nothing in the text can end. */
export function block(text: string): string {
  const longestRun = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.replaceAll(unprintable, escape));
  return [`${fence}text`, ...lines, fence].join("\n");
}

/** Content that is folded away under a title. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}
