import { iterated } from "../interpreter/items";
import type { Machine } from "../interpreter/machine";
import { asBoolean, asDict } from "../interpreter/methods";
import { textMethod } from "../interpreter/textMethods";
import {
  boolean,
  callable,
  derived,
  list,
  none,
  number,
  object,
  plainText,
  text,
  textOf,
  truth,
  unknown,
  type Arguments,
  type Value,
} from "../interpreter/values";
import { literalEval } from "./literals";

/** Names that Python has without an import. */
export function builtinOf(name: string, machine: Machine): Value {
  const make = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  return make ? make(machine, name) : unknown;
}

const simple =
  (call: (machine: Machine, ...positional: Value[]) => Value) =>
  (machine: Machine, label: string): Value =>
    object({ label, call: ({ positional }) => call(machine, ...positional) });

const asList = (_machine: Machine, items: Value = list([])) => {
  const known = iterated(items);
  return derived(known ? list([...known]) : unknown, items);
};

/** `int(value)` and `float(value)`: an error for what is no number. */
export function asNumber(machine: Machine, value: Value = number(0)): Value {
  if (value.kind === "number" || value.kind === "unknown") {
    return value;
  }
  if (value.kind === "boolean") {
    return derived(number(Number(value.boolean)), value);
  }
  const written = plainText(value)?.trim() ?? "";
  if (/^[+-]?\d+(\.\d+)?$/.test(written)) {
    return derived(number(Number(written)), value);
  }
  return machine.record.fail(value.kind === "none" ? "TypeError" : "ValueError", value.from);
}

/** `int("0o644", 8)`: without a base, a number as it is. */
function asInteger(machine: Machine, value?: Value, base?: Value): Value {
  const digits = /^[+-]?(?:0[obx])?([0-9a-z]+)$/i.exec(plainText(value)?.trim() ?? "")?.[1];
  if (value === undefined || base?.kind !== "number" || digits === undefined) {
    return asNumber(machine, value);
  }
  const parsed = Number.parseInt(digits, base.number);
  return Number.isNaN(parsed) ? machine.record.fail("ValueError", value.from) : derived(number(parsed), value);
}

const quantified = (isAny: boolean) =>
  simple((_machine, items = list([])) => {
    const truths = items.kind === "list" ? items.items.map(truth) : [undefined];
    const decided = truths.includes(isAny) ? isAny : truths.includes(undefined) ? undefined : !isAny;
    return derived(
      decided === undefined ? unknown : boolean(decided),
      ...(items.kind === "list" ? items.items : [items]),
    );
  });

const one = (value: Value): Arguments => ({ positional: [value], named: new Map() });

const builtins: Record<string, (machine: Machine, label: string) => Value> = {
  int: simple(asInteger),
  float: simple(asNumber),
  bool: simple((_machine, value = none) => asBoolean(value)),
  str: () =>
    object({
      label: "str",
      call: ({ positional: [value = text("")] }) => {
        const shown = textOf(value);
        return derived(shown === undefined ? unknown : text(shown), value);
      },
      attribute: (name) =>
        callable(({ positional: [self = unknown, ...positional], named }) =>
          textMethod(name, self, { positional, named }),
        ),
    }),
  list: simple(asList),
  tuple: simple(asList),
  set: simple(asList),
  frozenset: simple(asList),
  sorted: simple(asList),
  reversed: simple(asList),
  eval: literalEval,
  dict: () => callable(asDict),
  open: simple((machine, file = none) => {
    const place = file.kind === "text" || file.kind === "object" ? textOf(file) : undefined;
    if (place !== undefined) {
      machine.record.opens(place, file.from);
    }
    return derived(unknown, file);
  }),
  len: simple((_machine, value = none) => {
    const length = iterated(value)?.length;
    return derived(length === undefined ? unknown : number(length), value);
  }),
  any: quantified(true),
  all: quantified(false),
  map: simple((machine, call = none, items = none) => {
    const known = iterated(items);
    return known ? derived(list(known.map((item) => machine.call(call, one(item)))), items) : derived(unknown, items);
  }),
  filter: simple((machine, call = none, items = none) => {
    const keeps = (item: Value) => truth(call.kind === "none" ? item : machine.call(call, one(item))) !== false;
    const known = iterated(items)?.filter(keeps);
    return known ? derived(list(known), items) : derived(unknown, items);
  }),
  getattr: simple((machine, holder = none, name = none, fallback?: Value) => {
    const attribute = plainText(name);
    const found = attribute === undefined ? unknown : machine.attribute(holder, attribute);
    return found.kind === "unknown" && fallback ? derived(fallback, found) : found;
  }),
  isinstance: simple((_machine, value = none, type = none) => {
    const isText = type.kind === "object" && type.behaviour.label === "str";
    return derived(isText && value.kind !== "unknown" ? boolean(value.kind === "text") : unknown, value);
  }),
  zip: simple((_machine, ...lists) => {
    const all = lists.map((one) => iterated(one) ?? []);
    return list((all[0] ?? []).map((_, index) => list(all.map((items) => items[index] ?? unknown))));
  }),
  enumerate: simple((_machine, items = none) => {
    const known = iterated(items);
    return known ? list(known.map((item, index) => list([number(index), item]))) : derived(unknown, items);
  }),
};
