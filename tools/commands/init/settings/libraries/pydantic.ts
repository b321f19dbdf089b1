import type { Machine } from "../interpreter/machine";
import {
  callable,
  derived,
  labelled,
  list,
  none,
  object,
  plainText,
  unknown,
  type Subclass,
  type Value,
} from "../interpreter/values";
import { castOfType, jsonList, strictBoolean, unchanged } from "./casts";

/** `pydantic_settings` and `pydantic`: classes whose fields are variables. */
export function pydanticModule(machine: Machine): Value {
  const attributes: Record<string, Value> = {
    BaseSettings: object({ label: "BaseSettings", subclass: (made) => settingsClass(machine, made) }),
    SettingsConfigDict: callable(({ named }) => ({ kind: "dict", entries: named, from: new Set(), under: new Set() })),
    Field: callable(({ positional, named }) => {
      const fallback = named.get("default") ?? positional[0];
      return object({
        label: "Field",
        attribute: (name) => (name === "default" ? fallback : named.get(name)),
      });
    }),
    AliasChoices: callable(({ positional }) => list(positional)),
    SecretStr: callable(({ positional: [value = unknown] }) => secret(value)),
  };
  return object({ label: "pydantic", attribute: (name) => attributes[name] ?? labelled(`pydantic.${name}`) });
}

/** A text that is read by `get_secret_value()`. */
function secret(value: Value): Value {
  return object({
    label: "SecretStr",
    attribute: (name) => (name === "get_secret_value" ? callable(() => value) : undefined),
  });
}

function settingsClass(machine: Machine, made: Subclass): Value {
  const prefix = prefixOf((name) => made.names.get(name) ?? made.inherited(name));
  const fields = new Map<string, Value>();
  for (const [field, type] of made.annotations) {
    if (field === "model_config" || type.includes("ClassVar")) {
      continue;
    }
    fields.set(
      field,
      made.where(field, () => fieldOf(machine, field, type, prefix, made.names.get(field))),
    );
  }
  const read = (name: string) => fields.get(name) ?? made.names.get(name) ?? made.inherited(name);
  return object({ label: made.name, attribute: read, call: () => instanceOf(machine, made, read) });
}

function instanceOf(machine: Machine, made: Subclass, read: (name: string) => Value | undefined): Value {
  const self: Value = object({
    label: made.name,
    attribute: (name) => {
      const value = read(name);
      const label = value?.kind === "object" ? value.behaviour.label : undefined;
      const call = (positional: Value[]) =>
        machine.call(value ?? unknown, { positional: [self, ...positional], named: new Map() });
      return label === "property" ? call([]) : label === "function" ? callable((args) => call(args.positional)) : value;
    },
  });
  return self;
}

function fieldOf(machine: Machine, field: string, type: string, prefix: string, written: Value | undefined): Value {
  const details = written?.kind === "object" && written.behaviour.label === "Field" ? written.behaviour : undefined;
  const alias =
    details?.attribute?.("validation_alias") ?? details?.attribute?.("alias") ?? details?.attribute?.("env");
  const names = alias?.kind === "list" ? alias.items.map(plainText) : [plainText(alias)];
  const fallback = details ? details.attribute?.("default") : written;
  const makes = details?.attribute?.("default_factory");
  const made = makes && machine.call(makes, { positional: [], named: new Map() });
  const isOptional = /\bOptional\b|\bNone\b/.test(type) && type !== "None" && written?.kind === "none";
  if (made !== undefined && made.kind === "object" && names[0] === undefined) {
    // Settings of their own, whose fields are variables by themselves.
    return made;
  }
  const name = names[0] ?? (prefix + field).toUpperCase();
  const value = machine.record.read(name, fallback ?? made ?? (isOptional ? none : undefined), "ValidationError");
  if (value.kind !== "text") {
    return value;
  }
  const plain = type.replace(/\s*\|\s*None|^Optional\[(.*)\]$/g, "$1");
  const cast = /^(list|List|tuple|set)/.test(plain) ? jsonList : (castOfType(plain, strictBoolean) ?? unchanged);
  const result = cast(machine, value);
  return plain === "SecretStr" ? derived(secret(result), result) : result;
}

function prefixOf(read: (name: string) => Value | undefined): string {
  const config = read("model_config");
  const inner = read("Config");
  const prefix =
    config?.kind === "dict"
      ? config.entries.get("env_prefix")
      : inner?.kind === "object"
        ? inner.behaviour.attribute?.("env_prefix")
        : undefined;
  return plainText(prefix) ?? "";
}
