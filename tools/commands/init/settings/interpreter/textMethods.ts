import {
  boolean,
  derived,
  list,
  namesIn,
  plainText,
  text,
  textOf,
  unknown,
  withFrom,
  type Arguments,
  type Value,
} from "./values";

/** A method of a text, with its first argument's text. */
type TextMethod = (self: string, argument: string | undefined, args: Arguments) => Value | undefined;

const stripped = (self: string, characters: string | undefined, ends: "start" | "end" | "both") => {
  const isStripped = (character: string | undefined) =>
    character !== undefined && (characters === undefined ? /\s/.test(character) : characters.includes(character));
  let [from, to] = [0, self.length];
  while (ends !== "end" && from < to && isStripped(self[from])) {
    from += 1;
  }
  while (ends !== "start" && to > from && isStripped(self[to - 1])) {
    to -= 1;
  }
  return text(self.slice(from, to));
};

const split = (self: string, separator: string | undefined, args: Arguments) => {
  const limit = args.positional[1] ?? args.named.get("maxsplit");
  const parts = separator === undefined ? self.split(/\s+/).filter((part) => part !== "") : self.split(separator);
  const most = limit?.kind === "number" && limit.number >= 0 ? limit.number : Infinity;
  const kept = parts.slice(0, most);
  const left = parts.slice(most);
  return list([...kept, ...(left.length > 0 ? [left.join(separator ?? " ")] : [])].map(text));
};

const textMethods: Record<string, TextMethod> = {
  strip: (self, characters) => stripped(self, characters, "both"),
  lstrip: (self, characters) => stripped(self, characters, "start"),
  rstrip: (self, characters) => stripped(self, characters, "end"),
  lower: (self) => text(self.toLowerCase()),
  casefold: (self) => text(self.toLowerCase()),
  upper: (self) => text(self.toUpperCase()),
  title: (self) => text(self.toLowerCase().replace(/(^|[^a-z])[a-z]/g, (match) => match.toUpperCase())),
  capitalize: (self) => text(self.charAt(0).toUpperCase() + self.slice(1).toLowerCase()),
  split,
  rsplit: split,
  splitlines: (self) => list(self.split("\n").map(text)),
  startswith: (self, start) => (start === undefined ? undefined : boolean(self.startsWith(start))),
  endswith: (self, end) => (end === undefined ? undefined : boolean(self.endsWith(end))),
  isdigit: (self) => boolean(/^\d+$/.test(self)),
  isnumeric: (self) => boolean(/^\d+$/.test(self)),
  encode: (self) => text(self),
  decode: (self) => text(self),
  removeprefix: (self, start) => text(start && self.startsWith(start) ? self.slice(start.length) : self),
  removesuffix: (self, end) => text(end && self.endsWith(end) ? self.slice(0, -end.length) : self),
  replace: (self, before, { positional }) => {
    const after = plainText(positional[1]);
    return before === undefined || after === undefined ? undefined : text(self.replaceAll(before, after));
  },
  join: (self, _, { positional: [items] }) => {
    const texts = items?.kind === "list" ? items.items.map(plainText) : [undefined];
    return texts.includes(undefined) ? undefined : text(texts.join(self));
  },
  format: (self, _, { positional, named }) => {
    let next = 0;
    const values: (string | undefined)[] = [];
    const result = self.replace(/\{(\w*)\}/g, (_whole, key: string) => {
      const value = key === "" ? positional[next++] : (named.get(key) ?? positional[Number(key)]);
      const shown = textOf(value);
      values.push(shown);
      return shown ?? "";
    });
    return values.includes(undefined) ? undefined : text(result);
  },
};

/** A method of a text, with what its arguments came from. */
export function textMethod(name: string, self: Value, args: Arguments): Value {
  const method = Object.hasOwn(textMethods, name) ? textMethods[name] : undefined;
  const plain = plainText(self);
  const all = [self, ...args.positional, ...args.named.values()];
  const first = plainText(args.positional[0] ?? args.named.get("sep"));
  const result = plain === undefined ? undefined : method?.(plain, first, args);
  const origin = all.map((value) => withFrom(value, namesIn(value)));
  if (result?.kind === "list") {
    return derived(list(result.items.map((item) => derived(item, self))), ...origin);
  }
  return derived(result ?? unknown, ...origin);
}
