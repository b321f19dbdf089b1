import type { ReadRecord } from "./machine";
import { derived, list, namesIn, none, plainText, text, unknown, withFrom, type Value } from "./values";

/** Items that a loop goes through; undefined where nobody can say. */
export function iterated(value: Value): Value[] | undefined {
  switch (value.kind) {
    case "list":
      return value.items.slice(0, 2000).map((item) => derived(item, { ...none, from: value.from, under: value.under }));
    case "dict":
      return [...value.entries.keys()].map((key) => derived(text(key), { ...none, from: value.from }));
    case "text":
      return Array.from(value.text.slice(0, 2000)).map((character) => derived(text(character), value));
    case "object":
      return value.behaviour.items;
    default:
      return undefined;
  }
}

/** `object[index]`. */
export function itemOf(object: Value, index: Value, record: ReadRecord): Value {
  if (object.kind === "object") {
    return object.behaviour.item?.(index) ?? unknown;
  }
  if (object.kind === "dict") {
    const key = plainText(index);
    return (key === undefined ? undefined : object.entries.get(key)) ?? withFrom(unknown, object.from);
  }
  if (object.kind === "list" && index.kind === "number") {
    return derived(object.items.at(index.number) ?? unknown, { ...none, from: object.from });
  }
  if (object.kind === "none") {
    return record.fail("TypeError", object.from);
  }
  return withFrom(derived(unknown, index), namesIn(object));
}

/** `object[start:stop]`. */
export function slice(object: Value, start: Value | undefined, stop: Value | undefined): Value {
  const isPlain = [start, stop].every((bound) => bound === undefined || bound.kind === "number");
  const [from, to] = [start, stop].map((bound) => (bound?.kind === "number" ? bound.number : undefined));
  if (isPlain && object.kind === "text") {
    return derived(text(object.text.slice(from, to)), object);
  }
  if (isPlain && object.kind === "list") {
    return derived(list(object.items.slice(from, to)), object);
  }
  return withFrom(unknown, namesIn(object));
}
