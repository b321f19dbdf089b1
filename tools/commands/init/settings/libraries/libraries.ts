import type { Machine } from "../interpreter/machine";
import { callable, derived, labelled, none, object, unknown, type Value } from "../interpreter/values";
import { parsedUrl } from "./casts";
import { configurationClass, configurationValues } from "./configurations";
import { celeryModule } from "./celery";
import { djDatabaseUrl } from "./databaseUrl";
import { djangoHeroku } from "./djangoHeroku";
import { decoupleModule } from "./decouple";
import { environModule, environsModule } from "./environ";
import { enumClass } from "./enums";
import { jsonLoads, literalEval } from "./literals";
import { osModule, strtobool, sysModule } from "./os";
import { osPathModule, pathlibModule } from "./paths";
import { pydanticModule } from "./pydantic";

const moduleOf = (label: string, attributes: Record<string, Value>): Value =>
  object({ label, attribute: (name) => attributes[name] ?? labelled(`${label}.${name}`) });

/** `importlib.metadata`: a package that is not installed has no version. */
function metadataModule(machine: Machine): Value {
  const version = callable(({ positional: [name = none] }) => {
    if (name.kind === "text" && name.from.size === 0) {
      machine.record.asksVersion(name.text);
    }
    return derived(unknown, name);
  });
  return moduleOf("importlib.metadata", { version });
}

const modules: Record<string, (machine: Machine) => Value> = {
  os: osModule,
  sys: sysModule,
  celery: celeryModule,
  "os.path": osPathModule,
  pathlib: pathlibModule,
  environ: environModule,
  environs: environsModule,
  decouple: decoupleModule,
  "starlette.config": decoupleModule,
  "starlette.datastructures": decoupleModule,
  dj_database_url: djDatabaseUrl,
  django_heroku: djangoHeroku,
  django_on_heroku: djangoHeroku,
  pydantic: pydanticModule,
  pydantic_settings: pydanticModule,
  "configurations.values": configurationValues,
  configurations: (machine) =>
    moduleOf("configurations", {
      Configuration: configurationClass(machine),
      values: configurationValues(machine),
    }),
  "distutils.util": (machine) => moduleOf("distutils.util", { strtobool: strtobool(machine) }),
  "setuptools._distutils.util": (machine) => moduleOf("distutils.util", { strtobool: strtobool(machine) }),
  enum: (machine) => {
    const type = enumClass(machine);
    return moduleOf("enum", { Enum: type, StrEnum: type, IntEnum: type });
  },
  "django.db.models": (machine) =>
    moduleOf("django.db.models", { TextChoices: enumClass(machine), IntegerChoices: enumClass(machine) }),
  "importlib.metadata": metadataModule,
  importlib_metadata: metadataModule,
  importlib: (machine) =>
    moduleOf("importlib", {
      metadata: metadataModule(machine),
      import_module: callable(({ positional: [name = none] }) =>
        name.kind === "text" ? machine.module(name.text) : derived(unknown, name),
      ),
    }),
  json: (machine) => moduleOf("json", { loads: jsonLoads(machine) }),
  ast: (machine) => moduleOf("ast", { literal_eval: literalEval(machine) }),
  str2bool: (machine) => moduleOf("str2bool", { str2bool: strtobool(machine) }),
  "urllib.parse": () =>
    moduleOf("urllib.parse", {
      urlparse: callable(({ positional: [url = none] }) => parsedUrl(url)),
      urlsplit: callable(({ positional: [url = none] }) => parsedUrl(url)),
      quote: callable(({ positional: [value = none] }) => value),
      quote_plus: callable(({ positional: [value = none] }) => value),
      unquote: callable(({ positional: [value = none] }) => value),
    }),
  // `include` works on the scope of its caller, so that the interpreter itself does it.
  "split_settings.tools": () =>
    moduleOf("split_settings.tools", { optional: callable(({ positional: [pattern = none] }) => pattern) }),
  "django.utils.translation": () =>
    moduleOf("django.utils.translation", { gettext_lazy: callable(({ positional: [value = none] }) => value) }),
};

/** What stands for a module of a package; something without a value for those that are not known. */
export function libraryModule(name: string, machine: Machine): Value {
  const make = Object.hasOwn(modules, name) ? modules[name] : undefined;
  return make ? make(machine) : labelled(name);
}
