import type { Machine } from "../interpreter/machine";
import { callable, list, object, plainText, text, unknown, type Arguments, type Value } from "../interpreter/values";
import { castOfType, listBetween, strictBoolean } from "./casts";

/** `decouple`, and what is called the same way: prettyconf, starlette's config. */
export function decoupleModule(machine: Machine): Value {
  const config = configOf(machine);
  const makes = callable(() => config);
  const csv = callable(({ positional, named }) => {
    const separator = plainText(named.get("delimiter") ?? positional[1]) ?? ",";
    const cast = named.get("cast") ?? positional[0];
    return callable(({ positional: [value = text("")] }) => {
      const entries = listBetween(separator, true)(machine, value);
      if (entries.kind !== "list" || cast?.kind !== "object") {
        return entries;
      }
      const items = entries.items.map((item) => machine.call(cast, { positional: [item], named: new Map() }));
      return { ...list(items), from: entries.from, under: entries.under };
    });
  });
  const attributes: Record<string, Value> = {
    config,
    AutoConfig: makes,
    Config: makes,
    Csv: csv,
    CommaSeparatedStrings: callable(({ positional: [value = text("")] }) => listBetween(",", true)(machine, value)),
    Choices: callable(() => callable(({ positional: [value = unknown] }) => value)),
  };
  return object({ label: "decouple", attribute: (name) => attributes[name] });
}

function configOf(machine: Machine): Value {
  const read = ({ positional, named }: Arguments): Value => {
    const name = plainText(positional[0] ?? named.get("option"));
    if (name === undefined) {
      return unknown;
    }
    const fallback = named.get("default") ?? positional[1];
    const value = machine.record.read(name, fallback, "UndefinedValueError");
    const cast = named.get("cast") ?? positional[2];
    if (cast?.kind !== "object" || value.kind === "unknown") {
      return value;
    }
    // A default is cast as the variable is.
    const known = castOfType(cast.behaviour.label, strictBoolean);
    const isWritten = value.kind === "text" || value.kind === "number" || value.kind === "boolean";
    return known && cast.behaviour.label === "bool" && isWritten
      ? known(machine, value)
      : machine.call(cast, { positional: [value], named: new Map() });
  };
  return object({
    label: "config",
    call: read,
    attribute: (name) => (name === "get" ? callable(read) : undefined),
  });
}
