import type { Machine } from "../interpreter/machine";
import { callable, none, object, plainText, type Arguments, type Subclass, type Value } from "../interpreter/values";
import {
  cacheCast,
  databaseCast,
  listBetween,
  notKnown,
  numberCast,
  strictBoolean,
  unchanged,
  type Cast,
} from "./casts";

const casts: Record<string, Cast> = {
  Value: unchanged,
  SecretValue: unchanged,
  BooleanValue: strictBoolean,
  IntegerValue: numberCast,
  PositiveIntegerValue: numberCast,
  FloatValue: numberCast,
  ListValue: listBetween(",", true),
  TupleValue: listBetween(",", true),
  DatabaseURLValue: databaseCast,
  CacheURLValue: cacheCast,
};

/** `configurations.values`: a value reads the variable that is called as the setting, `DJANGO_` before it. */
export function configurationValues(machine: Machine): Value {
  return object({
    label: "configurations.values",
    attribute: (type) => callable((args) => declared(machine, type, args)),
  });
}

function declared(machine: Machine, type: string, args: Arguments): Value {
  const named = plainText(args.named.get("environ_name"));
  const read = (setting: string): Value => {
    const isUrl = type.endsWith("URLValue");
    const given = args.named.get("environ_prefix");
    const prefix = given?.kind === "none" ? "" : (plainText(given) ?? (isUrl ? "" : "DJANGO_"));
    const usual = type === "DatabaseURLValue" ? "DATABASE_URL" : type === "CacheURLValue" ? "CACHE_URL" : setting;
    const joint = prefix === "" || prefix.endsWith("_") ? prefix : `${prefix}_`;
    const fallback = args.named.get("default") ?? args.positional[0] ?? (type === "SecretValue" ? undefined : none);
    const value = machine.record.read(joint + (named ?? usual), fallback, "ValueError");
    return value.kind === "text" ? (casts[type] ?? notKnown)(machine, value) : value;
  };
  // A value that is told its variable is read where it stands, which may be deep in DATABASES.
  const isRead = named !== undefined && args.named.get("late_binding") === undefined;
  return isRead
    ? read("")
    : object({ label: "configurations.Value", call: ({ positional: [setting] }) => read(plainText(setting) ?? "") });
}

/** `configurations.Configuration`: settings are the names of a class. */
export function configurationClass(machine: Machine): Value {
  const subclass = (made: Subclass): Value => {
    const names = new Map<string, Value>();
    for (const [name, value] of made.names) {
      const isDeclared = value.kind === "object" && value.behaviour.label === "configurations.Value";
      names.set(
        name,
        isDeclared
          ? made.where(name, () =>
              machine.call(value, { positional: [{ ...none, kind: "text", text: name }], named: new Map() }),
            )
          : value,
      );
    }
    return object({ label: made.name, attribute: (name) => names.get(name) ?? made.inherited(name), call: () => none });
  };
  return object({ label: "configurations.Configuration", subclass });
}
