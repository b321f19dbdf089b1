/** A line of a .env file that names a variable. */
export interface DotenvEntry {
  name: string;
  /** Undefined for a name without `=`. */
  value: string | undefined;
  /** Counted from 1. */
  line: number;
}

export interface Dotenv {
  entries: DotenvEntry[];
  /** Lines that are not understood, counted from 1. */
  unreadable: number[];
}

/**
 * Reads a .env file as python-dotenv does: with quotes, comments, lines in quotes, `export`, and `${NAME}` and
 * `${NAME:-default}` for variables of the same file. The npm package of the same name ends an unquoted value at each `#`,
 * so that a password or a URL with one would be cut.
 */
export function parseDotenv(text: string): Dotenv {
  // Python reads every line's end as one character.
  const reader = new Reader(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  const entries: DotenvEntry[] = [];
  const unreadable: number[] = [];
  const values = new Map<string, string>();
  for (let binding = reader.next(); binding !== undefined; binding = reader.next()) {
    const { name, value, line } = binding;
    if (name === undefined) {
      unreadable.push(line);
      continue;
    }
    const replaced = value === undefined ? undefined : replaceVariables(value, values);
    if (replaced !== undefined) {
      values.set(name, replaced);
    }
    entries.push({ name, value: replaced, line });
  }
  return { entries, unreadable };
}

/** Names to values; the last of a name wins, and a name without `=` has none. */
export function valuesOf({ entries }: Dotenv): Map<string, string> {
  return new Map(entries.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}

interface Binding {
  /** Undefined for a line that is not understood. */
  name: string | undefined;
  value: string | undefined;
  line: number;
}

const escapes: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const isBlank = (character: string): boolean => character !== "\n" && character !== "\r" && /^\s$/.test(character);
const isEndOfLine = (character: string): boolean => ["", "\n", "\r"].includes(character);

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The next line with a name, or that is not understood; undefined at the end. */
  next(): Binding | undefined {
    for (;;) {
      this.skip((character) => isBlank(character) || (character !== "" && isEndOfLine(character)));
      if (this.at >= this.text.length) {
        return undefined;
      }
      const line = this.text.slice(0, this.at).split(/\r\n|\n|\r/).length;
      if (this.peek() === "#") {
        this.restOfLine();
        continue;
      }
      const start = this.at;
      const binding = this.binding();
      if (binding === undefined) {
        // What an open quote has swallowed is read again, from the line after it.
        this.at = start;
        this.restOfLine();
      }
      return { name: undefined, value: undefined, ...binding, line };
    }
  }

  private binding(): Omit<Binding, "line"> | undefined {
    if (this.text.startsWith("export", this.at) && isBlank(this.text.charAt(this.at + 6))) {
      this.at += "export".length;
      this.skip(isBlank);
    }
    const name = this.name();
    this.skip(isBlank);
    const value = this.peek() === "=" ? this.value() : undefined;
    if (name === undefined || name === "" || value === null) {
      return undefined;
    }
    this.skip(isBlank);
    if (this.peek() === "#") {
      this.restOfLine();
    }
    return isEndOfLine(this.peek()) ? { name, value } : undefined;
  }

  private name(): string | undefined {
    if (this.peek() !== "'") {
      return this.skip((character) => character !== "" && !/^[=#\s]$/.test(character));
    }
    this.at++;
    const name = this.skip((character) => character !== "" && character !== "'");
    return this.text.charAt(this.at++) === "'" ? name : undefined;
  }

  /** Null for a quote that is not closed. */
  private value(): string | null {
    this.at++;
    const blanks = this.skip(isBlank);
    const first = this.peek();
    if (first === "#" && blanks !== "") {
      return "";
    }
    if (first === "'" || first === '"') {
      return this.quoted(first);
    }
    const line = this.restOfLine();
    for (let at = 1; at < line.length; at++) {
      if (line.charAt(at) === "#" && /^\s$/.test(line.charAt(at - 1))) {
        return line.slice(0, at).trimEnd();
      }
    }
    return line.trimEnd();
  }

  private quoted(quote: string): string | null {
    let value = "";
    for (this.at++; this.at < this.text.length; this.at++) {
      const character = this.peek();
      if (character === quote) {
        this.at++;
        return value;
      }
      if (character === "\\") {
        value += this.escaped(quote, this.text.charAt(++this.at));
      } else {
        value += character;
      }
    }
    return null;
  }

  private escaped(quote: string, character: string): string {
    if (character === "\\" || character === "'" || (character === '"' && quote === '"')) {
      return character;
    }
    return (quote === '"' ? escapes[character] : undefined) ?? `\\${character}`;
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private restOfLine(): string {
    return this.skip((character) => !isEndOfLine(character));
  }

  private skip(isSkipped: (character: string) => boolean): string {
    const start = this.at;
    while (this.at < this.text.length && isSkipped(this.peek())) {
      this.at++;
    }
    return this.text.slice(start, this.at);
  }
}

/** A variable of the user's own environment is not read: it would differ between machines. */
function replaceVariables(value: string, values: ReadonlyMap<string, string>): string {
  return value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, standard: string | undefined) => {
    return values.get(name) ?? standard ?? "";
  });
}
