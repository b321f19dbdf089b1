/**
 * Values of Python as far as they can be told without running it.
 *
 * Each value knows the environment variables that it was made of, and those that decided between it and another one.
 */

/** Names of environment variables. */
export type Names = ReadonlySet<string>;

interface Origin {
  /** Variables whose value is in this one. */
  from: Names;
  /** Variables that conditions asked for before this value was chosen. */
  under: Names;
}

/** Arguments of a call. */
export interface Arguments {
  positional: Value[];
  named: Map<string, Value>;
}

/** Something with attributes, items or a call: a module, a class, a library's object. */
export interface Behaviour {
  /** Its name in Python, dotted, where that says what it is. */
  label?: string;
  /** Whether it is a member of an enumeration, which equals none but itself. */
  isMember?: boolean;
  /** Where a path of a file leads. */
  path?: string;
  /** `/` and `-`. */
  divide?: (other: Value) => Value;
  subtract?: (other: Value) => Value;
  /** What a loop goes through. */
  items?: Value[];
  attribute?: (name: string) => Value | undefined;
  setAttribute?: (name: string, value: Value) => void;
  call?: (args: Arguments) => Value;
  item?: (key: Value) => Value;
  setItem?: (key: Value, value: Value) => void;
  contains?: (key: Value) => Value;
  /** What a class in the project that derives from this one is. */
  subclass?: (made: Subclass) => Value;
  /** Before and after the body of a `with`. */
  enter?: () => void;
  exit?: () => void;
}

/** A class of the project, once its body has run. */
export interface Subclass {
  name: string;
  /** Names that its body assigns. */
  names: Map<string, Value>;
  /** An attribute of its bases. */
  inherited: (name: string) => Value | undefined;
  /** Names with the annotation that stands after each, as it is written: `str`, `list[str]`. */
  annotations: Map<string, string>;
  /** Runs what evaluates to a value of the class. */
  where: <T>(name: string, run: () => T) => T;
}

export type Data =
  | { kind: "text"; text: string }
  | { kind: "number"; number: number }
  | { kind: "boolean"; boolean: boolean }
  | { kind: "none" }
  | { kind: "list"; items: Value[] }
  | { kind: "dict"; entries: Map<string, Value> }
  | { kind: "object"; behaviour: Behaviour }
  | { kind: "unknown"; label?: string };

export type Value = Data & Origin;

const nothing: Names = new Set();

function valueOf(data: Data, from: Names = nothing, under: Names = nothing): Value {
  return { ...data, from, under };
}

export const none = valueOf({ kind: "none" });
export const unknown = valueOf({ kind: "unknown" });
export const text = (value: string) => valueOf({ kind: "text", text: value });
export const number = (value: number) => valueOf({ kind: "number", number: value });
export const boolean = (value: boolean) => valueOf({ kind: "boolean", boolean: value });
export const list = (items: Value[]) => valueOf({ kind: "list", items });
export const dict = (entries: Map<string, Value>) => valueOf({ kind: "dict", entries });
export const object = (behaviour: Behaviour) => valueOf({ kind: "object", behaviour });
export const callable = (call: (args: Arguments) => Value) => object({ call });
/** Something of a package that is not known, such as `django.utils.timezone`. */
export const labelled = (label: string) => valueOf({ kind: "unknown", label });

/** Union of names. Most are empty, and few are new. */
export function union(a: Names, b: Names): Names {
  if (b.size === 0 || a === b) {
    return a;
  }
  return a.size === 0 ? b : new Set([...a, ...b]);
}

/** A value that others went into. */
export function derived(value: Value, ...others: readonly Value[]): Value {
  let { from, under } = value;
  for (const other of others) {
    from = union(from, other.from);
    under = union(under, other.under);
  }
  return from === value.from && under === value.under ? value : { ...value, from, under };
}

/** A value that variables went into. */
export function withFrom(value: Value, from: Names): Value {
  return from.size === 0 ? value : { ...value, from: union(value.from, from) };
}

/** A value that conditions chose. */
export function withUnder(value: Value, under: Names): Value {
  return under.size === 0 ? value : { ...value, under: union(value.under, under) };
}

/** Every variable that matters to a value, with those of what it contains. */
export function namesIn(value: Value, depth = 6): Names {
  let names = union(value.from, value.under);
  const inside = value.kind === "list" ? value.items : value.kind === "dict" ? [...value.entries.values()] : [];
  for (const item of depth > 0 ? inside : []) {
    names = union(names, namesIn(item, depth - 1));
  }
  return names;
}

/** Whether Python takes a value for true; undefined where that cannot be told. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case "text":
      return value.text !== "";
    case "number":
      return value.number !== 0;
    case "boolean":
      return value.boolean;
    case "none":
      return false;
    case "list":
      return value.items.length > 0;
    case "dict":
      return value.entries.size > 0;
    case "object":
      return true;
    case "unknown":
      return undefined;
  }
}

/** A text as Python's `str` gives it; undefined where that cannot be told. */
export function textOf(value: Value | undefined): string | undefined {
  switch (value?.kind) {
    case "text":
      return value.text;
    case "number":
      return String(value.number);
    case "boolean":
      return value.boolean ? "True" : "False";
    case "none":
      return "None";
    case "object":
      return value.behaviour.path;
    default:
      return undefined;
  }
}

/** The text of a text. */
export function plainText(value: Value | undefined): string | undefined {
  return value?.kind === "text" ? value.text : undefined;
}

/** Whether two values are equal; undefined where that cannot be told. */
export function equal(a: Value, b: Value): boolean | undefined {
  if (a.kind === "object" && b.kind === "object" && a.behaviour.isMember && b.behaviour.isMember) {
    return a.behaviour === b.behaviour;
  }
  if (a.kind === "unknown" || b.kind === "unknown") {
    return undefined;
  }
  if (a.kind === "none" || b.kind === "none") {
    return a.kind === b.kind;
  }
  if (a.kind === "object" || b.kind === "object") {
    return undefined;
  }
  if (a.kind === "list" && b.kind === "list") {
    return a.items.length === b.items.length && a.items.every((item, index) => equal(item, b.items[index] ?? none));
  }
  if (a.kind === "dict" || b.kind === "dict" || a.kind === "list" || b.kind === "list") {
    return a.kind === b.kind ? undefined : false;
  }
  const numeric = (value: Value) => (value.kind === "boolean" ? Number(value.boolean) : undefined);
  const [left, right] = [a, b].map((value) => (value.kind === "number" ? value.number : numeric(value)));
  return left !== undefined || right !== undefined ? left === right : a.kind === b.kind && textOf(a) === textOf(b);
}

/** A copy that can be changed without changing the value. */
export function copied(value: Value, depth = 8): Value {
  if (depth === 0) {
    return value;
  }
  if (value.kind === "list") {
    return { ...value, items: value.items.map((item) => copied(item, depth - 1)) };
  }
  if (value.kind === "dict") {
    return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, copied(item, depth - 1)])) };
  }
  return value;
}
