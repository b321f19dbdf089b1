import { parsedToml, table } from "../../dependencies/toml";
import { workersIn } from "../workers";
import { readYaml } from "../yamlText";
import { emptyPlatform, line, type Platform, textAt } from "./platform";

/** Reads Railway's `railway.json` or `railway.toml`, which are of one service. Undefined where it is neither. */
export function readRailway(text: string, where: string): Platform | undefined {
  const content = where.endsWith(".toml") ? parsedToml(text) : readYaml(text).content;
  if (content === undefined) {
    return undefined;
  }
  const deploy = table(content, "deploy");
  const [start] = line("web", deploy["startCommand"], where);
  // What is started at times ends by itself.
  const isWeb = start !== undefined && deploy["cronSchedule"] === undefined;
  const name = workersIn(start?.command ?? "").length > 0 ? "worker" : "web";
  return {
    ...emptyPlatform(),
    lines: [...(isWeb ? line(name, start.command, where) : []), ...line("release", deploy["preDeployCommand"], where)],
    healthPath: textAt(deploy["healthcheckPath"], where),
    dockerfile: textAt(table(content, "build")["dockerfilePath"], where),
  };
}
