import type { Machine } from "../interpreter/machine";
import {
  derived,
  equal,
  none,
  object,
  plainText,
  text,
  unknown,
  type Subclass,
  type Value,
} from "../interpreter/values";

/** `enum.Enum` and what derives from it: settings choose between members of one by a variable. */
export function enumClass(machine: Machine): Value {
  return object({ label: "Enum", subclass: (made) => membersOf(machine, made) });
}

function membersOf(machine: Machine, made: Subclass): Value {
  const members = new Map<string, { value: Value; member: Value }>();
  for (const [name, written] of made.names) {
    const value = written.kind === "list" ? (written.items[0] ?? none) : written;
    if (!name.startsWith("_") && (value.kind === "text" || value.kind === "number")) {
      const attributes: Record<string, Value> = { value, name: text(name) };
      const member = object({ label: `${made.name}.${name}`, isMember: true, attribute: (key) => attributes[key] });
      members.set(name, { value, member });
    }
  }
  return object({
    label: made.name,
    attribute: (name) => members.get(name)?.member ?? made.names.get(name) ?? made.inherited(name),
    item: (key) => {
      const name = plainText(key);
      const found = name === undefined ? undefined : members.get(name);
      return found === undefined && key.kind === "text"
        ? machine.record.fail("KeyError", key.from)
        : derived(found?.member ?? unknown, key);
    },
    items: [...members.values()].map(({ member }) => member),
    call: ({ positional: [asked = none] }) => {
      const found = [...members.values()].find(({ value }) => equal(value, asked) === true);
      const isKnown = asked.kind === "text" || asked.kind === "number";
      return found
        ? derived(found.member, asked)
        : isKnown
          ? machine.record.fail("ValueError", asked.from)
          : derived(unknown, asked);
    },
  });
}
