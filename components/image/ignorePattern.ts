/** Whether a path, relative and with forward slashes, is one that a pattern names. */
export type Matcher = (path: string) => boolean;

/** What is wrong with a pattern. */
export class PatternError extends Error {}

/** Without any of these, a pattern is compared as it is. */
const plain = "[^*?[\\]\\\\]";
const onlyPlain = new RegExp(`^${plain}*$`, "u");
const endAnywhere = new RegExp(`^(${plain}+)\\*\\*$`, "u");
const startAnywhere = new RegExp(`^\\*\\*(${plain}*)$`, "u");

/**
 * The paths that a pattern of an ignore file names for Docker's own matcher.
 *
 * The matcher turns a pattern with a wildcard into a regular expression of Go, and leaves some characters in it as they
 * are. So does this: in `*.(log|tmp)` the `(` is a plain character, while the `|` parts two expressions.
 *
 * @param pattern without `!`, blanks around it and superfluous slashes
 * @returns a function that throws a `PatternError`, too, as Docker compiles a pattern only when it needs it
 * @throws a `PatternError` for what Docker refuses at once
 */
export function matcherOf(pattern: string): Matcher {
  refuseBadStart(Array.from(/^\**(?:\\.|\[(?:\\.|[^\]\\])*\]?|[^*\\[])*\\?/su.exec(pattern)?.[0] ?? ""));
  if (onlyPlain.test(pattern)) {
    return (path) => path === pattern;
  }
  const start = endAnywhere.exec(pattern)?.[1];
  if (start !== undefined) {
    return (path) => path.startsWith(start);
  }
  const end = startAnywhere.exec(pattern)?.[1];
  if (end !== undefined) {
    return (path) => path.endsWith(end) || `/${path}` === end;
  }
  let expression: RegExp | undefined;
  return (path) => {
    expression ??= compile(`^${forJavaScript(Array.from(goExpression(Array.from(pattern))))}$`);
    return expression.test(path);
  };
}

function compile(expression: string): RegExp {
  try {
    return new RegExp(expression, "u");
  } catch {
    throw new PatternError("it is no regular expression, which Docker makes of it");
  }
}

/** Go's filepath.Match, which sees a pattern first, takes no open bracket, no empty one and no `\` at the end. */
function refuseBadStart(pattern: string[]): void {
  let at = 0;
  const escaped = (): void => {
    at += pattern[at] === "\\" ? 2 : 1;
    if (at > pattern.length) {
      throw new PatternError("it ends with \\");
    }
  };
  const member = (): void => {
    if ([undefined, "-", "]"].includes(pattern[at])) {
      throw new PatternError("its [ has no ], or - and ] stand in it without \\");
    }
    escaped();
  };
  while (at < pattern.length) {
    if (pattern[at] !== "[") {
      escaped();
      continue;
    }
    at += pattern[at + 1] === "^" ? 2 : 1;
    do {
      member();
      if (pattern[at] === "-") {
        at++;
        member();
      }
    } while (pattern[at] !== "]");
    at++;
  }
}

/** The regular expression of a pattern. What stands in brackets is changed, too, as Docker does. */
function goExpression(pattern: string[]): string {
  let expression = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    if (character === "*" && pattern[at + 1] === "*") {
      at += pattern[at + 2] === "/" ? 2 : 1;
      expression += at + 1 === pattern.length ? ".*" : "(.*/)?";
    } else if (character === "*") {
      expression += "[^/]*";
    } else if (character === "?") {
      expression += "[^/]";
    } else if (character === "\\") {
      expression += `\\${pattern[++at] ?? ""}`;
    } else {
      expression += ".+()$".includes(character) ? `\\${character}` : character;
    }
  }
  return expression;
}

/** The same expression in JavaScript, whose brackets, braces, escapes and dots differ. */
function forJavaScript(go: string[]): string {
  let expression = "";
  for (let at = 0; at < go.length;) {
    const character = go[at] ?? "";
    if (character === "[") {
      const bracket = readBracket(go, at);
      expression += bracket.expression;
      at = bracket.end;
    } else if (character === "\\") {
      expression += escape(go[at + 1] ?? "", assertions);
      at += 2;
    } else if (character === ".") {
      expression += "[^\\n]";
      at++;
    } else {
      const [repetition] = /^\{[0-9]+(,[0-9]*)?\}/.exec(go.slice(at, at + 12).join("")) ?? [];
      expression += repetition ?? (/[{}\]]/.test(character) ? `\\${character}` : character);
      at += repetition?.length ?? 1;
    }
  }
  return expression;
}

/** @returns the brackets that open at a place, and the place after them */
function readBracket(go: string[], open: number): { expression: string; end: number } {
  const isNegated = go[open + 1] === "^";
  let at = open + (isNegated ? 2 : 1);
  let members = "";
  const member = (): string => {
    const isEscape = go[at] === "\\";
    const character = go[at + (isEscape ? 1 : 0)] ?? "";
    at += isEscape ? 2 : 1;
    return isEscape ? escape(character, {}) : quoted(character);
  };
  do {
    const named = /^\[:(\^?\w+):\]/.exec(go.slice(at, at + 16).join(""));
    if (named) {
      members += namedSet(named[1] ?? "");
      at += named[0].length;
      continue;
    }
    if (at >= go.length) {
      throw new PatternError("its [ has no ]");
    }
    const from = member();
    if (go[at] !== "-" || go[at + 1] === "]") {
      members += from;
      continue;
    }
    at++;
    members += `${from}-${member()}`;
  } while (go[at] !== "]");
  return { expression: `[${isNegated ? "^" : ""}${members}]`, end: at + 1 };
}

/** What a backslash and a letter mean in Go and in JavaScript, by name in the latter. */
const escapes: Record<string, string> = {
  a: "\\x07",
  d: "\\d",
  D: "\\D",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  s: "\\t\\n\\f\\r ",
  t: "\\t",
  v: "\\v",
  w: "\\w",
  W: "\\W",
};

/** Those that stand for a place and not for a character, so not in brackets. */
const assertions: Record<string, string> = {
  ...escapes,
  A: "(?<![^])",
  b: "\\b",
  B: "\\B",
  s: "[\\t\\n\\f\\r ]",
  S: "[^\\t\\n\\f\\r ]",
  z: "(?![^])",
};

function escape(character: string, letters: Record<string, string>): string {
  const known = { ...escapes, ...letters };
  if (Object.hasOwn(known, character)) {
    return known[character] ?? "";
  }
  if (/^[^\p{ASCII}]$|^[A-Za-z0-9]$/u.test(character)) {
    throw new PatternError(`its \\${character} stands for no character`);
  }
  return quoted(character);
}

const quoted = (character: string): string => (/[\^$\\.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character);

const namedSets: Record<string, string> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

function namedSet(name: string): string {
  if (!Object.hasOwn(namedSets, name)) {
    throw new PatternError(`its [:${name}:] is no set of characters`);
  }
  return namedSets[name] ?? "";
}
