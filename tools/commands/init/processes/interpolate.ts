/** Values of variables. */
export interface Lookup {
  of: (name: string) => string | undefined;
  /** For a variable without a value and a default. */
  lastResort: (name: string) => string | undefined;
}

/**
 * Replaces the variables in a text of a compose file: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
 * `${NAME:+other}`; `$$` is a dollar sign.
 *
 * @returns undefined where a variable has no value and no default, which compose would take for an empty one
 */
export function interpolate(text: string, lookup: Lookup): string | undefined {
  let result = "";
  let isKnown = true;
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) !== "$") {
      result += text.charAt(at);
      continue;
    }
    if (text.charAt(at + 1) === "$") {
      result += "$";
      at++;
      continue;
    }
    const isBraced = text.charAt(at + 1) === "{";
    const end = isBraced ? closing(text, at + 2) : at + 1 + nameAt(text, at + 1).length;
    const inner = isBraced ? text.slice(at + 2, end) : text.slice(at + 1, end);
    if (inner === "") {
      result += "$";
      continue;
    }
    const value = valueOf(inner, lookup);
    isKnown &&= value !== undefined;
    result += value ?? "";
    at = isBraced ? end : end - 1;
  }
  return isKnown ? result : undefined;
}

function valueOf(inner: string, lookup: Lookup): string | undefined {
  const name = nameAt(inner, 0);
  const value = lookup.of(name);
  const [, colon, operator = "", other = ""] = /^(:?)([-+?]?)(.*)$/s.exec(inner.slice(name.length)) ?? [];
  const isSet = value !== undefined && !(colon === ":" && value === "");
  switch (operator) {
    case "-":
      return isSet ? value : interpolate(other, lookup);
    case "+":
      return isSet ? interpolate(other, lookup) : "";
    default:
      return isSet ? value : lookup.lastResort(name);
  }
}

function nameAt(text: string, at: number): string {
  return /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at))?.[0] ?? "";
}

/** Where the brace closes that opens before `from`; a default may have variables with braces of their own. */
function closing(text: string, from: number): number {
  for (let at = from, depth = 1; at < text.length; at++) {
    depth += text.startsWith("${", at) ? 1 : text.charAt(at) === "}" ? -1 : 0;
    if (depth === 0) {
      return at;
    }
  }
  return text.length;
}
