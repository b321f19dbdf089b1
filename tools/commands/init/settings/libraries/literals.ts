import type { Machine } from "../interpreter/machine";
import { Scope } from "../interpreter/scope";
import { boolean, callable, derived, dict, list, none, number, text, unknown, type Value } from "../interpreter/values";
import { parsePython } from "../python/parsePython";

/** `json.loads`. */
export function jsonLoads(machine: Machine): Value {
  return callable(({ positional: [written = none] }) => {
    if (written.kind !== "text") {
      return derived(unknown, written);
    }
    try {
      return derived(ofJson(JSON.parse(written.text)), written);
    } catch {
      return machine.record.fail("JSONDecodeError", written.from);
    }
  });
}

export function ofJson(value: unknown): Value {
  switch (typeof value) {
    case "string":
      return text(value);
    case "number":
      return number(value);
    case "boolean":
      return boolean(value);
    default:
      return value === null || value === undefined
        ? none
        : Array.isArray(value)
          ? list(value.map(ofJson))
          : dict(new Map(Object.entries(value).map(([key, entry]) => [key, ofJson(entry)])));
  }
}

/** `ast.literal_eval`, and `eval` as settings use it: for a literal. */
export function literalEval(machine: Machine): Value {
  return callable(({ positional: [written = none] }) => {
    const [statement] = written.kind === "text" ? parsePython(written.text).body : [];
    if (statement?.kind !== "expression") {
      return written.kind === "text" ? machine.record.fail("ValueError", written.from) : derived(unknown, written);
    }
    const place = { name: "literal", file: "literal", isPackage: false };
    return derived(
      machine.record.inside(() => machine.evaluate(statement.value, new Scope(place, "function"))),
      written,
    );
  });
}
