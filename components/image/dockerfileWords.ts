/** Variables by their names; undefined for one that is not set. */
export type Variables = ReadonlyMap<string, string>;

/** A variable that is used and not set. */
export class UnsetVariable extends Error {
  constructor(readonly variable: string) {
    super(variable);
  }
}

/**
 * What ARG gives its variables: what the build is given, else what is written, with the values of variables.
 *
 * @param words its arguments
 * @param globals values of those that stand before the first stage, for one without a value of its own
 */
export function* readArgs(
  words: string[],
  { buildArgs, globals, variables }: Record<"buildArgs" | "globals" | "variables", Variables>,
  escape: string,
): Generator<[name: string, value: string | undefined]> {
  // One at a time: a value may have the variable before it.
  for (const [name, value] of words.map(nameAndValue)) {
    const own = value === undefined ? globals.get(name) : attempt(value, variables, escape);
    yield [name, buildArgs.get(name) ?? own];
  }
}

/** Splits an instruction's arguments at blanks outside quotes; quotes and escapes stay. */
export function splitWords(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === undefined && /\s/.test(character)) {
      words.push(word);
      word = "";
      continue;
    }
    if (character === escape && quote !== "'") {
      word += character + text.charAt(++at);
      continue;
    }
    if (quote === undefined && /["']/.test(character)) {
      quote = character;
    } else if (character === quote) {
      quote = undefined;
    }
    word += character;
  }
  return [...words, word].filter((each) => each !== "");
}

/**
 * A word as BuildKit reads it: without quotes and escapes, and with the values of its variables.
 *
 * @throws `UnsetVariable` for one without a value and a default
 */
export function expand(word: string, variables: Variables, escape: string): string {
  return new Expansion(word, variables, escape).until("");
}

/** As `expand`; undefined where a variable is missing, which may not matter. */
export function attempt(word: string, variables: Variables, escape: string): string | undefined {
  try {
    return expand(word, variables, escape);
  } catch (error) {
    if (error instanceof UnsetVariable) {
      return undefined;
    }
    throw error;
  }
}

/** The parts of `name=value`; no value where there is no equals sign. */
export function nameAndValue(word: string): [name: string, value: string | undefined] {
  const [, name = word, value] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
  return [name, value];
}

const name = /[A-Za-z_][A-Za-z0-9_]*/y;

class Expansion {
  private at = 0;

  constructor(
    private readonly word: string,
    private readonly variables: Variables,
    private readonly escape: string,
  ) {}

  /** Reads up to a character outside quotes, or to the end, and leaves it behind. */
  until(end: string): string {
    let text = "";
    while (this.at < this.word.length) {
      const character = this.next();
      if (character === end) {
        return text;
      }
      if (character === "'") {
        const close = this.word.indexOf("'", this.at);
        text += this.word.slice(this.at, close < 0 ? undefined : close);
        this.at = close < 0 ? this.word.length : close + 1;
      } else if (character === '"') {
        text += this.quoted();
      } else if (character === this.escape) {
        text += this.next();
      } else {
        text += character === "$" ? this.variable() : character;
      }
    }
    return text;
  }

  private next(): string {
    return this.word.charAt(this.at++);
  }

  private quoted(): string {
    let text = "";
    while (this.at < this.word.length) {
      const character = this.next();
      if (character === '"') {
        return text;
      }
      if (character === "$") {
        text += this.variable();
      } else if (character === this.escape && ['"', "$", this.escape].includes(this.word.charAt(this.at))) {
        text += this.next();
      } else {
        text += character;
      }
    }
    return text;
  }

  private variable(): string {
    const isBraced = this.word.charAt(this.at) === "{";
    name.lastIndex = this.at + (isBraced ? 1 : 0);
    const [variable] = name.exec(this.word) ?? [];
    if (variable === undefined) {
      return "$";
    }
    this.at = name.lastIndex;
    const value = this.variables.get(variable);
    return isBraced ? this.modified(variable, value) : this.valueOf(variable, value);
  }

  /** https://docs.docker.com/reference/dockerfile/#environment-replacement */
  private modified(variable: string, value: string | undefined): string {
    const hasColon = this.word.charAt(this.at) === ":";
    this.at += hasColon ? 1 : 0;
    const modifier = this.next();
    if (modifier === "}") {
      return this.valueOf(variable, value);
    }
    const other = this.until("}");
    const isSet = value !== undefined && !(hasColon && value === "");
    if (modifier === "-") {
      return isSet ? value : other;
    }
    if (modifier === "+") {
      return isSet ? other : "";
    }
    // `?` fails without a value; the others replace parts of it, which only the builder does.
    if (modifier === "?" && isSet) {
      return value;
    }
    throw new UnsetVariable(variable);
  }

  private valueOf(variable: string, value: string | undefined): string {
    if (value === undefined) {
      throw new UnsetVariable(variable);
    }
    return value;
  }
}
