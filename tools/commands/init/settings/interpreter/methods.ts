import type { Machine } from "./machine";
import {
  boolean,
  derived,
  dict,
  list,
  namesIn,
  none,
  number,
  plainText,
  text,
  truth,
  unknown,
  withFrom,
  withUnder,
  type Arguments,
  type Value,
} from "./values";

/** A method of a list, which may change it. */
export function listMethod(machine: Machine, name: string, self: Value & { kind: "list" }, args: Arguments): Value {
  const [first, second] = args.positional.map((value) => withUnder(value, machine.record.guards));
  switch (name) {
    case "append":
    case "add":
      self.items.push(first ?? unknown);
      return none;
    case "extend":
    case "update":
      self.items.push(...(first?.kind === "list" ? first.items : []));
      return none;
    case "insert":
      self.items.splice(first?.kind === "number" ? first.number : self.items.length, 0, second ?? unknown);
      return none;
    case "remove": {
      const at = self.items.findIndex((item) => plainText(item) === plainText(first));
      self.items.splice(at < 0 ? self.items.length : at, 1);
      return none;
    }
    case "index":
      return number(
        Math.max(
          0,
          self.items.findIndex((item) => plainText(item) === plainText(first)),
        ),
      );
    case "copy":
      return { ...self, items: [...self.items] };
    default:
      return unknown;
  }
}

/** A method of a dict, which may change it. */
export function dictMethod(machine: Machine, name: string, self: Value & { kind: "dict" }, args: Arguments): Value {
  const [first, second = none] = args.positional;
  const key = plainText(first);
  const found = key === undefined ? undefined : self.entries.get(key);
  switch (name) {
    case "get":
      return derived(found ?? second, { ...none, from: self.from });
    case "setdefault":
      if (key !== undefined && !found) {
        self.entries.set(key, second);
      }
      return found ?? second;
    case "pop":
      self.entries.delete(key ?? "");
      return found ?? second;
    case "update": {
      const given = first?.kind === "dict" ? [...first.entries] : [];
      for (const [entry, value] of [...given, ...args.named]) {
        self.entries.set(entry, withUnder(value, machine.record.guards));
      }
      return none;
    }
    case "keys":
      return derived(list([...self.entries.keys()].map(text)), { ...none, from: self.from });
    case "values":
      return derived(list([...self.entries.values()]), { ...none, from: self.from });
    case "items":
      return derived(list([...self.entries].map(([entry, value]) => list([text(entry), value]))), {
        ...none,
        from: self.from,
      });
    case "copy":
      return { ...self, entries: new Map(self.entries) };
    default:
      return unknown;
  }
}

/** `bool(value)`. */
export function asBoolean(value: Value): Value {
  const isTrue = truth(value);
  return withFrom(derived(isTrue === undefined ? unknown : boolean(isTrue), value), namesIn(value));
}

/** An empty dict or a copy, as `dict()` makes it. */
export function asDict(args: Arguments): Value {
  const [first] = args.positional;
  const entries = new Map(first?.kind === "dict" ? first.entries : []);
  args.named.forEach((value, name) => entries.set(name, value));
  return dict(entries);
}
