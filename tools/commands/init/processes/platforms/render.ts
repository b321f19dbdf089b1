import { table, tables, text as textOf } from "../../dependencies/toml";
import type { Found } from "../../findings";
import { serverOf } from "../commandWords";
import { readYaml, type YamlText } from "../yamlText";
import { emptyPlatform, line, type Platform, textAt, variable } from "./platform";

type Entry = Readonly<Record<string, unknown>>;

/** A service of the project, with the keys under which it stands. */
interface RenderService {
  service: Entry;
  keys: (string | number)[];
}

/** What Render runs a project of Python as; it calls an older key `env`. */
const runtimes = new Set<unknown>([undefined, "python", "python3", "docker", "image"]);

/**
 * Reads Render's `render.yaml`. Undefined where it is no YAML.
 *
 * @param hasProject whether a folder, relative to the file's, has the project
 */
export function readRender(text: string, file: string, hasProject: (folder: string) => boolean): Platform | undefined {
  const yaml = readYaml(text);
  if (yaml.content === undefined) {
    return undefined;
  }
  const services = servicesIn(yaml.content).filter(
    ({ service }) =>
      runtimes.has(service["runtime"] ?? service["env"]) && hasProject(textOf(service["rootDir"]) ?? "."),
  );
  const where = (keys: (string | number)[]): string => `${file}:${yaml.lineAt(keys) ?? 1}`;
  const commandOf = ({ service, keys }: RenderService): Found<string> | undefined =>
    ["startCommand", "dockerCommand"].map((key) => textAt(service[key], where([...keys, key]))).find(Boolean);
  const served = services.filter(({ service }) => service["type"] === "web");
  const web = served.find((each) => serverOf(commandOf(each)?.value ?? "") !== undefined) ?? served[0];
  const nameOf = (each: RenderService): string => (each === web ? "web" : (textOf(each.service["name"]) ?? "worker"));
  const platform = emptyPlatform();
  for (const each of services) {
    const command = commandOf(each);
    const schedule = textOf(each.service["schedule"]);
    if (command !== undefined && each.service["type"] === "cron") {
      platform.schedules.push({ ...commandAt(command), name: nameOf(each), schedule: schedule ?? "" });
    } else if (command !== undefined) {
      platform.lines.push(...line(nameOf(each), command.value, command.where));
    }
  }
  if (web === undefined) {
    return platform;
  }
  const at = (key: string): Found<string> | undefined => textAt(web.service[key], where([...web.keys, key]));
  const preparing = at("preDeployCommand");
  return {
    ...platform,
    lines: [...platform.lines, ...line("release", preparing?.value, preparing?.where ?? file)],
    environment: new Map(variablesOf(web, yaml, where)),
    healthPath: at("healthCheckPath"),
    dockerfile: at("dockerfilePath"),
    volumes: [textAt(table(web.service, "disk")["mountPath"], where([...web.keys, "disk", "mountPath"]))].flatMap(
      (each) => each ?? [],
    ),
  };
}

const commandAt = ({ value, where }: Found<string>): { command: string; where: string } => ({ command: value, where });

/** Those of the file, else those of the first environment of each project in it. */
function servicesIn(content: unknown): RenderService[] {
  const listed = (owner: unknown, keys: (string | number)[]): RenderService[] =>
    tables(table(owner)["services"]).map((service, index) => ({ service, keys: [...keys, "services", index] }));
  const own = listed(content, []);
  return own.length > 0
    ? own
    : tables(table(content)["projects"]).flatMap((project, index) =>
        listed(tables(project["environments"])[0], ["projects", index, "environments", 0]),
      );
}

/** The variables of a service, with those of the groups that it names. */
function variablesOf(
  { service, keys }: RenderService,
  { content }: YamlText,
  where: (keys: (string | number)[]) => string,
): [string, Found<string>][] {
  const groups = tables(table(content)["envVarGroups"]);
  return tables(service["envVars"]).flatMap((each, index) => {
    const group = groups.findIndex(({ name }) => name !== undefined && name === each["fromGroup"]);
    return group === -1
      ? variable(each["key"], each["value"], where([...keys, "envVars", index, "value"]))
      : tables(groups[group]?.["envVars"]).flatMap(({ key, value }, at) =>
          variable(key, value, where(["envVarGroups", group, "envVars", at, "value"])),
        );
  });
}
