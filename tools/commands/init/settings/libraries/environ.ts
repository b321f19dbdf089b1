import type { Machine } from "../interpreter/machine";
import {
  callable,
  derived,
  dict,
  none,
  object,
  plainText,
  unknown,
  type Arguments,
  type Value,
} from "../interpreter/values";
import {
  cacheCast,
  castOfType,
  databaseCast,
  environBoolean,
  listBetween,
  notKnown,
  numberCast,
  parsedUrl,
  strictBoolean,
  unchanged,
  type Cast,
} from "./casts";
import { databaseOfUrl } from "./databaseUrl";
import { environment } from "./os";
import { pathClass } from "./paths";

/** How the packages that are called `env("NAME")` differ. */
interface Manner {
  boolean: Cast;
  /** Error for a variable that is not set. */
  missing: string;
  /** Whether the second argument of `env(...)` and `env.list(...)` is a cast, not a default. */
  takesCast: boolean;
}

const djangoEnviron: Manner = { boolean: environBoolean, missing: "ImproperlyConfigured", takesCast: true };
const environs: Manner = { boolean: strictBoolean, missing: "EnvError", takesCast: false };

/** `environ`, the module of django-environ. */
export function environModule(machine: Machine): Value {
  return envModule(machine, djangoEnviron, "environ");
}

/** `environs`. */
export function environsModule(machine: Machine): Value {
  return envModule(machine, environs, "environs");
}

function envModule(machine: Machine, manner: Manner, label: string): Value {
  const makes = (args: Arguments) => env(machine, manner, args.named);
  const type = object({
    label: "Env",
    call: makes,
    attribute: (name) => (name === "ENVIRON" ? environment(machine) : callable(() => none)),
    subclass: (made) => object({ ...(type.kind === "object" ? type.behaviour : {}), label: made.name }),
  });
  return object({
    label,
    // Both have an instance that is ready to use, and subclasses such as FileAwareEnv.
    attribute: (name) => {
      if (name === "env") {
        return env(machine, manner, new Map());
      }
      return name === "Path" ? pathClass(machine) : name.endsWith("Env") ? type : undefined;
    },
  });
}

/** Variables that a URL method reads where it is not given a name. */
const usualNames: Record<string, string> = {
  db: "DATABASE_URL",
  db_url: "DATABASE_URL",
  cache: "CACHE_URL",
  cache_url: "CACHE_URL",
  email: "EMAIL_URL",
  email_url: "EMAIL_URL",
  search_url: "SEARCH_URL",
  channels: "CHANNELS_URL",
  channels_url: "CHANNELS_URL",
  dj_db_url: "DATABASE_URL",
  dj_email_url: "EMAIL_URL",
  dj_cache_url: "CACHE_URL",
};

function env(machine: Machine, manner: Manner, scheme: ReadonlyMap<string, Value>): Value {
  let prefix = "";
  const casts: Record<string, Cast> = {
    str: unchanged,
    bool: manner.boolean,
    int: numberCast,
    float: numberCast,
    list: listBetween(",", false),
    tuple: listBetween(",", false),
    db: databaseCast,
    db_url: databaseCast,
    dj_db_url: databaseCast,
    cache: cacheCast,
    cache_url: cacheCast,
    dj_cache_url: cacheCast,
    url: (_machine, value) => (value.kind === "text" ? parsedUrl(value) : value),
  };
  const read = (method: string | undefined, args: Arguments): Value => {
    const name = plainText(args.positional[0] ?? args.named.get("var") ?? args.named.get("name"));
    const variable = name ?? (method && args.positional.length === 0 ? usualNames[method] : undefined);
    if (variable === undefined) {
      return derived(unknown, ...args.positional);
    }
    const takesCast = manner.takesCast && (method === undefined || method === "list" || method === "get_value");
    const planned = scheme.get(variable);
    const [type, plannedDefault] = planned?.kind === "list" ? planned.items : [planned];
    const given = args.named.get("default") ?? args.positional[takesCast ? 2 : 1];
    const value = machine.record.read(prefix + variable, given ?? plannedDefault, manner.missing);
    const asked = args.named.get("cast") ?? (takesCast ? args.positional[1] : undefined);
    const cast =
      (method && method !== "get_value" ? (casts[method] ?? notKnown) : undefined) ??
      castOf(asked ?? type, manner) ??
      unchanged;
    // A default is taken as it is written, except for URLs and lists.
    if (manner.takesCast && cast === numberCast && !machine.record.environment.has(prefix + variable)) {
      return value;
    }
    if (method === "dj_db_url" && value.kind !== "dict") {
      return databaseOfUrl(value, args.named.get("ssl_require"));
    }
    return value.kind === "text" || cast === databaseCast || cast === cacheCast ? cast(machine, value) : value;
  };
  const ignored = ["read_env", "read_envfile", "seal", "read_dotenv"];
  return object({
    label: "env",
    call: (args) => read(undefined, args),
    attribute: (name) => {
      if (name === "ENVIRON") {
        return environment(machine);
      }
      if (name === "prefixed") {
        return callable(({ positional: [added] }) => {
          const before = prefix;
          return object({
            enter: () => (prefix = before + (plainText(added) ?? "")),
            exit: () => (prefix = before),
          });
        });
      }
      if (name === "parse_value" || name === "db_url_config") {
        return callable(({ positional: [url = none] }) =>
          name === "db_url_config" ? databaseCast(machine, url) : url,
        );
      }
      return callable((args) => (ignored.includes(name) ? none : read(name, args)));
    },
    setAttribute: (name, value) => {
      if (name === "prefix") {
        prefix = plainText(value) ?? "";
      }
    },
    contains: (key) => machine.record.has(plainText(key) ?? ""),
    item: (key) => read(undefined, { positional: [key], named: new Map() }),
  });
}

/** A cast that is given as a type, or as a list that holds the type of the entries. */
function castOf(type: Value | undefined, manner: Manner): Cast | undefined {
  if (type?.kind === "list") {
    return listBetween(",", false);
  }
  if (type?.kind === "dict") {
    return (_machine, value) => derived(dict(new Map()), value);
  }
  const behaviour = type?.kind === "object" ? type.behaviour : undefined;
  const { call } = behaviour ?? {};
  return (
    castOfType(behaviour?.label, manner.boolean) ??
    (call && ((_machine, value) => call({ positional: [value], named: new Map() })))
  );
}
