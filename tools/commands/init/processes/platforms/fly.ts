import { parsedToml, table, tables, text as textOf, texts } from "../../dependencies/toml";
import { serverOf } from "../commandWords";
import { emptyPlatform, line, type Platform, portAt, textAt, variable } from "./platform";

/** Reads Fly's `fly.toml`. Undefined where it is no TOML. */
export function readFly(text: string, where: string): Platform | undefined {
  const content = parsedToml(text);
  if (content === undefined) {
    return undefined;
  }
  const services = [table(content, "http_service"), ...tables(content["services"])];
  const checks = services.flatMap((each) => [...tables(each["checks"]), ...tables(each["http_checks"])]);
  const paths = [...checks, ...Object.values(table(content, "checks")).map((each) => table(each))];
  const processes = table(content, "processes");
  const web = webGroup(
    processes,
    services.flatMap((each) => texts(each["processes"])),
  );
  return {
    ...emptyPlatform(),
    lines: [
      ...Object.entries(processes).flatMap(([name, command]) => line(name === web ? "web" : name, command, where)),
      ...line("release", table(content, "deploy")["release_command"], where),
    ],
    environment: new Map(
      Object.entries(table(content, "env")).flatMap(([name, value]) => variable(name, value, where)),
    ),
    port: services.map((each) => portAt(each["internal_port"], where)).find((port) => port !== undefined),
    healthPath: paths.map((each) => textAt(each["path"], where)).find((path) => path !== undefined),
    dockerfile: textAt(table(content, "build")["dockerfile"], where),
    volumes: [table(content, "mounts"), ...tables(content["mounts"])].flatMap((each) => {
      const folder = textOf(each["destination"]);
      return folder === undefined ? [] : [{ value: folder, where }];
    }),
  };
}

/** The group of processes that requests are sent to. `app` is what Fly calls a single one. */
function webGroup(processes: Readonly<Record<string, unknown>>, served: readonly string[]): string | undefined {
  const groups = Object.keys(processes);
  return (
    groups.find((name) => served.includes(name)) ??
    ["web", "app"].find((name) => groups.includes(name)) ??
    groups.find((name) => serverOf(textOf(processes[name]) ?? "") !== undefined)
  );
}
