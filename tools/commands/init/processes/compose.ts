import path from "node:path";

import { readSmallFile } from "../readSmallFile";
import { parseDotenv, valuesOf } from "../variables/dotenv";
import { secretBy } from "../variables/secrets";
import { interpolate, type Lookup } from "./interpolate";
import { exampleEnds, type RawService, type Service, serviceOf } from "./service";
import { readYaml } from "./yamlText";

/** A compose file, read. */
export interface ComposeFile {
  /** Relative to the folder of the search. */
  file: string;
  services: Map<string, Service>;
}

/** How deep `extends` and `include` are followed. */
const deepest = 5;

/**
 * Reads a compose file below a folder.
 *
 * @returns undefined where it is missing, or is no YAML with services
 */
export function readCompose(folder: string, file: string, depth = 0): ComposeFile | undefined {
  const text = readSmallFile(folder, file);
  if (text === undefined || depth > deepest) {
    return undefined;
  }
  const { content: written, lineAt } = readYaml(text);
  if (!isObject(written)) {
    return undefined;
  }
  const place = path.posix.dirname(file);
  const lookup = variablesBeside(folder, place);
  const content = interpolated(written, lookup) as { services?: unknown; include?: unknown };
  const isOfFirstVersion = servicesOf(content) === content;
  const services = new Map<string, Service>();
  for (const other of included(content.include)) {
    for (const [name, service] of readCompose(folder, path.posix.join(place, other), depth + 1)?.services ?? []) {
      services.set(name, service);
    }
  }
  const raw = servicesOf(content);
  const where = (name: string, key?: string): string => {
    const line = lineAt([...(isOfFirstVersion ? [] : ["services"]), name, ...(key === undefined ? [] : [key])]);
    // A value that a merge brought stands elsewhere.
    return line === undefined ? (key === undefined ? file : where(name)) : `${file}:${line}`;
  };
  for (const [name, each] of Object.entries(raw)) {
    if (isObject(each)) {
      const own = extended(each, raw, { folder, place, depth });
      services.set(name, serviceOf(name, own, { folder, place, where: (key) => where(name, key) }));
    }
  }
  return services.size === 0 ? undefined : { file, services };
}

/** What compose replaces variables by: `.env` beside the file; where it has no default, what is copied to that file. */
function variablesBeside(folder: string, place: string): Lookup {
  const valuesIn = (...names: string[]): Map<string, string> => {
    const texts = names.map((name) => readSmallFile(folder, path.posix.join(place, name)));
    return valuesOf(parseDotenv(texts.find((text) => text !== undefined) ?? ""));
  };
  const own = valuesIn(".env");
  const example = valuesIn(...exampleEnds.flatMap((end) => [`.env.${end}`, `env.${end}`]));
  return { of: (name) => own.get(name), lastResort: (name) => example.get(name) };
}

/** A service with what it extends below its own keys; maps are merged, as compose does. */
function extended(
  service: RawService,
  siblings: object,
  { folder, place, depth }: { folder: string; place: string; depth: number },
): RawService {
  const { extends: base, ...own } = service;
  if (base === undefined || depth > deepest) {
    return own;
  }
  const { file, service: name } = typeof base === "string" ? { file: undefined, service: base } : base;
  const from = file === undefined ? siblings : rawServices(folder, path.posix.join(place, file));
  const found = (from as Record<string, unknown>)[name ?? ""];
  return isObject(found) ? merged(extended(found, from, { folder, place, depth: depth + 1 }), own) : own;
}

function rawServices(folder: string, file: string): object {
  const text = readSmallFile(folder, file);
  if (text === undefined) {
    return {};
  }
  const { content } = readYaml(text);
  const lookup = variablesBeside(folder, path.posix.dirname(file));
  const whole = interpolated(content, lookup);
  return isObject(whole) ? servicesOf(whole) : {};
}

/** The services of a file; of one without that key each entry is a service, as in the first version of the format. */
function servicesOf(content: object): object {
  const { services } = content as { services?: unknown };
  const isService = (value: unknown): boolean => isObject(value) && ("image" in value || "build" in value);
  const isOfFirstVersion = !("services" in content) && Object.values(content).some(isService);
  return isObject(services) ? services : isOfFirstVersion ? content : {};
}

/** A service over the one that it extends. */
function merged(below: object, above: object): object {
  const all = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(above) as [string, unknown][]) {
    const other = all.get(key);
    all.set(key, isObject(other) && isObject(value) ? merged(other, value) : value);
  }
  return Object.fromEntries(all);
}

/** A label that has a command, in a list of them: `ofelia.job-exec.mail.command=python manage.py mail`. */
const commandLabel = /^[\w.-]+\.command=/;

/** Every text with its variables replaced; one that has a variable without a value is left out. */
function interpolated(value: unknown, lookup: Lookup): unknown {
  if (typeof value === "string") {
    return interpolate(value, commandLabel.test(value) ? forShell(lookup) : lookup);
  }
  if (Array.isArray(value)) {
    return value.map((each) => interpolated(each, lookup)).filter((each) => each !== undefined);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, each]) => [
          key,
          // Services of one image are known by it, whether or not its tag is.
          key === "image" || (/(^|\.)(command|entrypoint)$/.test(key) && !isVariable(each))
            ? interpolated(each, forShell(lookup))
            : interpolated(each, key === "args" ? withoutSecrets(lookup) : lookup),
        ]),
      )
    : value;
}

/** What a command has for its variables: those without a value and secrets are kept, for the shell that runs it. */
function forShell(lookup: Lookup): Lookup {
  const { of, lastResort } = withoutSecrets(lookup);
  return { of, lastResort: (name) => lastResort(name) ?? `\${${name}}` };
}

/** A lookup that keeps the names of secrets, for what the stack's file has in plain text. */
function withoutSecrets({ of, lastResort }: Lookup): Lookup {
  const shown = (name: string, value: string | undefined): string | undefined =>
    value === undefined || secretBy(name, value) === undefined ? value : `\${${name}}`;
  return { of: (name) => shown(name, of(name)), lastResort: (name) => shown(name, lastResort(name)) };
}

/** Whether a command is no more than a variable, of which nothing can be said without its value. */
const isVariable = (value: unknown): boolean => typeof value === "string" && /^\s*\$(\w+|\{\w+\})\s*$/.test(value);

function included(include: unknown): string[] {
  return (Array.isArray(include) ? include : []).flatMap((each: unknown) => {
    const files = isObject(each) ? (each as { path?: unknown }).path : each;
    return (Array.isArray(files) ? files : [files]).filter((file): file is string => typeof file === "string");
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
