/** The texts and numbers that are written in Python sources. */

const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\n": "",
};

/** Prefix and quotes of a string literal: where its content starts and ends, and whether escapes count. */
export function quotesOf(literal: string): { start: number; end: number; isRaw: boolean } {
  const prefix = /^[a-zA-Z]*/.exec(literal)?.[0] ?? "";
  const quote = literal.slice(prefix.length, prefix.length + 3);
  const length = quote === '"""' || quote === "'''" ? 3 : 1;
  const closes = literal.length >= prefix.length + 2 * length && literal.endsWith(quote.slice(0, length));
  return {
    start: prefix.length + length,
    end: literal.length - (closes ? length : 0),
    isRaw: /r/i.test(prefix),
  };
}

/** The text of a string literal, such as `r"\d"`. */
export function textOfLiteral(literal: string): string {
  const { start, end, isRaw } = quotesOf(literal);
  return unescape(literal.slice(start, end), isRaw);
}

/** What a part between the quotes stands for. */
export function unescape(content: string, isRaw: boolean): string {
  if (isRaw || !content.includes("\\")) {
    return content;
  }
  return content.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, hex?: string, short?: string, long?: string, other?: string) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) {
        const point = parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      if (other === "\\" || other === "'" || other === '"') {
        return other;
      }
      return other === undefined ? whole : (escapes[other] ?? whole);
    },
  );
}

/** A number literal such as `1_000`, `0x1F`, `0o755`, `1e3`. */
export function numberOfLiteral(literal: string): number {
  return Number(literal.replaceAll("_", ""));
}
