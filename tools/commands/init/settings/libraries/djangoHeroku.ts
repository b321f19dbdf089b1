import type { Machine } from "../interpreter/machine";
import {
  boolean,
  callable,
  dict,
  list,
  none,
  object,
  text,
  truth,
  unknown,
  type Arguments,
  type Value,
} from "../interpreter/values";
import { databaseOfUrl } from "./databaseUrl";

/** `django_heroku`, whose `settings(locals())` changes the settings as Heroku needs them. */
export function djangoHeroku(machine: Machine): Value {
  const settings = callable(({ positional: [config = none], named }: Arguments) => {
    const wants = (what: string): boolean => truth(named.get(what) ?? boolean(true)) !== false;
    if (config.kind === "dict") {
      const { entries } = config;
      if (wants("databases")) {
        addDatabase(machine, entries);
      }
      if (wants("staticfiles")) {
        addStaticFiles(machine, entries);
      }
      if (wants("allowed_hosts")) {
        entries.set("ALLOWED_HOSTS", list([text("*")]));
      }
      if (wants("secret_key")) {
        const key = machine.record.read("SECRET_KEY", entries.get("SECRET_KEY") ?? unknown, "KeyError");
        entries.set("SECRET_KEY", key);
      }
    }
    return none;
  });
  return object({ label: "django_heroku", attribute: (name) => (name === "settings" ? settings : undefined) });
}

function addDatabase({ record }: Machine, entries: Map<string, Value>): void {
  const known = entries.get("DATABASES");
  const databases = known?.kind === "dict" ? known.entries : new Map<string, Value>();
  const isSet = record.has("DATABASE_URL");
  record.guarded(isSet, () => {
    if (truth(isSet) === true) {
      const url = record.read("DATABASE_URL", none, "KeyError");
      databases.set("default", databaseOfUrl(url, boolean(true)));
    }
  });
  entries.set("DATABASES", dict(databases));
  record.named("DATABASES");
}

function addStaticFiles(machine: Machine, entries: Map<string, Value>): void {
  const name = ["MIDDLEWARE_CLASSES", "MIDDLEWARE"].find((each) => entries.has(each)) ?? "MIDDLEWARE";
  const middleware = entries.get(name);
  const others = middleware?.kind === "list" ? middleware.items : [];
  const folder = machine.call(machine.attribute(machine.module("os.path"), "join"), {
    positional: [entries.get("BASE_DIR") ?? unknown, text("staticfiles")],
    named: new Map(),
  });
  entries.set("STATIC_ROOT", folder);
  entries.set(name, list([text("whitenoise.middleware.WhiteNoiseMiddleware"), ...others]));
}
