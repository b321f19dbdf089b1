import path from "node:path";

import type { Found } from "../findings";
import { readSmallFile } from "../readSmallFile";
import { parseDotenv } from "../variables/dotenv";
import { lineOf, listOf, mountOf, namedVolume, numberOf, pairsOf, secondsOf, textOf } from "./composeValues";

/** A service as a compose file has it, once variables are replaced; nothing of it is checked. */
export interface RawService {
  extends?: string | { file?: string; service?: string };
  image?: unknown;
  build?: unknown;
  command?: unknown;
  entrypoint?: unknown;
  environment?: unknown;
  env_file?: unknown;
  ports?: unknown;
  expose?: unknown;
  healthcheck?: unknown;
  labels?: unknown;
  profiles?: unknown;
  restart?: unknown;
  volumes?: unknown;
  depends_on?: unknown;
  scale?: unknown;
  stop_grace_period?: unknown;
  working_dir?: unknown;
  deploy?: unknown;
}

/** What a service builds; paths are relative to the folder of the search. */
export interface ServiceBuild {
  context: string;
  dockerfile: string;
  target: string | undefined;
  args: Record<string, string>;
  /** Names of further arguments, whose values are secrets of a .env file. */
  secretArgs: string[];
  /** Ids of the secrets that the build mounts. */
  secrets: string[];
}

/** A folder of this machine in a container. */
export interface Mount extends Found<string> {
  /** Where it is there. */
  target: string | undefined;
}

/** A service of a compose file. */
export interface Service {
  name: string;
  where: string;
  image: string | undefined;
  build: ServiceBuild | undefined;
  command: Found<string> | undefined;
  /** What replaces the image's ENTRYPOINT. */
  entrypoint: string | undefined;
  /** Whether something does, be it nothing: `entrypoint: []`. */
  replacesEntrypoint: true | undefined;
  environment: Map<string, Found<string>>;
  /** What examples of files say that are not there: `web.env.example` of `env_file: web.env`. */
  exampleEnvironment: Map<string, Found<string>>;
  /** The files of its variables, relative to the folder of the search. */
  environmentFiles: string[];
  /** Ports inside the container. */
  ports: Found<number>[];
  /** Command of the health check, as one line. */
  healthcheck: Found<string> | undefined;
  labels: Map<string, Found<string>>;
  /** It is started only when one of these is asked for; none: always. */
  profiles: string[];
  /** Such as `always`, `no`. */
  restart: string | undefined;
  /** Folders in the container that are volumes with a name. */
  volumes: Found<string>[];
  /** Folders of this machine that it has as volumes, relative to the folder of the search. */
  mounted: Mount[];
  /** Services that have to be started before it. */
  needs: string[];
  /** Services that have to have ended well before it starts. */
  waitsForEndOf: string[];
  replicas: number | undefined;
  /** What replaces the image's WORKDIR. */
  workingFolder: string | undefined;
  /** In seconds. */
  graceSeconds: number | undefined;
}

/** What the names of examples end in, which are copied to the file itself. */
export const exampleEnds = ["example", "sample", "template", "dist"];

interface Place {
  folder: string;
  /** Folder of the compose file. */
  place: string;
  /** Where the service, or a key of it, stands. */
  where: (key?: string) => string;
}

export function serviceOf(name: string, raw: RawService, at: Place): Service {
  const command = lineOf(raw.command);
  const test = (raw.healthcheck as { test?: unknown } | undefined)?.test;
  const words = Array.isArray(test) ? test.slice(1) : test;
  const healthcheck = Array.isArray(words) && words.length === 1 ? lineOf(words[0]) : lineOf(words);
  return {
    name,
    where: at.where(),
    image: textOf(raw.image),
    build: buildOf(raw.build, at.place),
    command: command === undefined ? undefined : { value: command, where: at.where("command") },
    entrypoint: lineOf(raw.entrypoint),
    replacesEntrypoint: raw.entrypoint === undefined || raw.entrypoint === null ? undefined : true,
    ...environmentOf(raw, at),
    ports: portsOf(raw, at),
    healthcheck: healthcheck === undefined ? undefined : { value: healthcheck, where: at.where("healthcheck") },
    labels: new Map(pairsOf(raw.labels).map(([label, value]) => [label, { value, where: at.where("labels") }])),
    profiles: listOf(raw.profiles).flatMap((each) => textOf(each) ?? []),
    restart: textOf(raw.restart),
    volumes: listOf(raw.volumes).flatMap((each) => {
      const folder = namedVolume(each);
      return folder === undefined ? [] : [{ value: folder, where: at.where("volumes") }];
    }),
    mounted: listOf(raw.volumes).flatMap((each) => {
      const mount = mountOf(each);
      return mount === undefined
        ? []
        : [{ value: path.posix.join(at.place, mount.source), where: at.where("volumes"), target: mount.target }];
    }),
    needs: (Array.isArray(raw.depends_on) ? raw.depends_on : Object.keys(raw.depends_on ?? {})).flatMap(
      (each) => textOf(each) ?? [],
    ),
    waitsForEndOf: Object.entries(raw.depends_on ?? {}).flatMap(([other, how]: [string, unknown]) =>
      (how as { condition?: unknown } | null)?.condition === "service_completed_successfully" ? [other] : [],
    ),
    replicas: numberOf((raw.deploy as { replicas?: unknown } | null | undefined)?.replicas ?? raw.scale),
    workingFolder: textOf(raw.working_dir),
    graceSeconds: secondsOf(textOf(raw.stop_grace_period) ?? ""),
  };
}

/** Of the variables of a build argument, those alone are kept whose values are secrets. */
const isKeptSecret = (value: string): boolean => /\$\{\w+\}/.test(value);

function buildOf(build: unknown, place: string): ServiceBuild | undefined {
  if (build === undefined || build === null) {
    return undefined;
  }
  const {
    context = ".",
    dockerfile,
    target,
    args,
    secrets,
  } = (typeof build === "string" ? { context: build } : build) as Record<string, unknown>;
  const folder = path.posix.join(place, textOf(context) ?? ".");
  return {
    context: folder.replace(/(?<=.)\/$/, ""),
    dockerfile: path.posix.join(folder, textOf(dockerfile) ?? "Dockerfile"),
    target: textOf(target),
    args: Object.fromEntries(pairsOf(args).filter(([, value]) => !isKeptSecret(value))),
    secretArgs: pairsOf(args).flatMap(([name, value]) => (isKeptSecret(value) ? [name] : [])),
    secrets: (Array.isArray(secrets) ? secrets : []).flatMap((each: unknown) => {
      const { source } = (typeof each === "object" ? each : { source: each }) as { source?: unknown };
      return textOf(source) ?? [];
    }),
  };
}

/** Variables of its files, then its own, which win. */
function environmentOf(
  { env_file: files, environment }: RawService,
  { folder, place, where }: Place,
): Pick<Service, "environment" | "exampleEnvironment" | "environmentFiles"> {
  const found = new Map<string, Found<string>>();
  const shown = new Map<string, Found<string>>();
  const environmentFiles: string[] = [];
  for (const each of Array.isArray(files) ? files : files === undefined ? [] : [files]) {
    const file = textOf((each as { path?: unknown } | null)?.path ?? each);
    if (file === undefined) {
      continue;
    }
    const own = path.posix.join(place, file);
    environmentFiles.push(own);
    const names = [own, ...exampleEnds.map((end) => `${own}.${end}`)];
    const name = names.find((one) => readSmallFile(folder, one) !== undefined) ?? own;
    for (const entry of parseDotenv(readSmallFile(folder, name) ?? "").entries) {
      if (entry.value !== undefined) {
        (name === own ? found : shown).set(entry.name, { value: entry.value, where: `${name}:${entry.line}` });
      }
    }
  }
  for (const [name, value] of pairsOf(environment)) {
    found.set(name, { value, where: where("environment") });
  }
  return { environment: found, exampleEnvironment: shown, environmentFiles };
}

function portsOf({ ports, expose }: RawService, { where }: Place): Found<number>[] {
  const published = listOf(ports).flatMap((each) => {
    const target = (each as { target?: unknown } | null)?.target;
    // `8000:5000`, `127.0.0.1:8000:5000/tcp`, `5000`: the last is the container's.
    const text = textOf(target ?? each)
      ?.split("/")[0]
      ?.split(":")
      .at(-1);
    return { text, key: "ports" };
  });
  const exposed = listOf(expose).map((each) => ({ text: textOf(each)?.split("/")[0], key: "expose" }));
  return [...published, ...exposed].flatMap(({ text, key }) =>
    /^[0-9]{1,5}$/.test(text ?? "") ? [{ value: Number(text), where: where(key) }] : [],
  );
}
