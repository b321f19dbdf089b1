import type { Machine } from "../interpreter/machine";
import { osPathModule } from "./paths";
import {
  boolean,
  callable,
  labelled,
  list,
  none,
  object,
  plainText,
  text,
  unknown,
  type Arguments,
  type Value,
} from "../interpreter/values";

/** `os`: its environment, and the rest without a value. */
export function osModule(machine: Machine): Value {
  const environ = environment(machine);
  const attributes: Record<string, Value> = {
    environ,
    environb: environ,
    getenv: callable((args) => got(machine, args)),
    path: osPathModule(),
  };
  return object({
    label: "os",
    attribute: (name) => attributes[name] ?? labelled(`os.${name}`),
  });
}

/** `os.environ`, and what else is a mapping of the environment. */
export function environment(machine: Machine): Value {
  const { record } = machine;
  const methods: Record<string, (args: Arguments) => Value> = {
    get: (args) => got(machine, args),
    pop: (args) => (args.positional.length > 1 ? got(machine, args) : item(args.positional[0] ?? none)),
    setdefault: (args) => {
      const [key = none, value = none] = args.positional;
      const name = plainText(key);
      if (name !== undefined && !record.environment.has(name)) {
        set(key, value);
      }
      return got(machine, args);
    },
    update: ({ positional: [given], named }) => {
      const entries = given?.kind === "dict" ? [...given.entries] : [];
      [...entries, ...named].forEach(([name, value]) => {
        set(text(name), value);
      });
      return none;
    },
    copy: () => whole,
  };
  const set = (key: Value, value: Value) => {
    const name = plainText(key);
    if (name !== undefined && !record.isUnreached) {
      record.set(name, value);
    }
  };
  const item = (key: Value) => {
    const name = plainText(key);
    return name === undefined ? unknown : record.read(name, undefined, "KeyError");
  };
  const whole = object({
    label: "os.environ",
    attribute: (name) => (Object.hasOwn(methods, name) && methods[name] ? callable(methods[name]) : undefined),
    item,
    setItem: set,
    contains: (key) => {
      const name = plainText(key);
      return name === undefined ? unknown : record.has(name);
    },
  });
  return whole;
}

function got(machine: Machine, { positional, named }: Arguments): Value {
  const name = plainText(positional[0] ?? named.get("key"));
  return name === undefined
    ? unknown
    : machine.record.read(name, positional[1] ?? named.get("default") ?? none, "KeyError");
}

/** `sys`: a program that is started as `manage.py migrate`. */
export function sysModule(): Value {
  const attributes: Record<string, Value> = {
    argv: list([text("manage.py"), text("migrate")]),
    platform: text("linux"),
    // What tests have imported by then, such as pytest.
    modules: object({ label: "sys.modules", contains: () => boolean(false) }),
  };
  return object({
    label: "sys",
    attribute: (name) => attributes[name] ?? labelled(`sys.${name}`),
  });
}

/** `distutils.util` and what took its place: `strtobool` answers 1 or 0. */
export function strtobool(machine: Machine): Value {
  return callable(({ positional: [value = none] }) => booleanOf(machine, value, yes, no));
}

export const yes = ["y", "yes", "t", "true", "on", "1"];
export const no = ["n", "no", "f", "false", "off", "0"];

/** A text that says yes or no; an error for others. */
export function booleanOf(machine: Machine, value: Value, truthy: readonly string[], falsy: readonly string[]): Value {
  if (value.kind === "text") {
    const said = value.text.trim().toLowerCase();
    if (!truthy.includes(said) && !falsy.includes(said)) {
      return machine.record.fail("ValueError", value.from);
    }
    return { ...boolean(truthy.includes(said)), from: value.from, under: value.under };
  }
  if (value.kind === "none") {
    return machine.record.fail("TypeError", value.from);
  }
  return value;
}
