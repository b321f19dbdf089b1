import { table } from "../../dependencies/toml";
import { readYaml } from "../yamlText";
import { emptyPlatform, line, type Platform, textAt, variable } from "./platform";

/** Reads a `heroku.yml`. Undefined where it is no YAML. */
export function readHeroku(text: string, file: string): Platform | undefined {
  const { content, lineAt } = readYaml(text);
  if (content === undefined) {
    return undefined;
  }
  const where = (...keys: string[]): string => `${file}:${lineAt(keys) ?? 1}`;
  const commandOf = (process: unknown): unknown => (typeof process === "string" ? process : table(process)["command"]);
  const dockerfile = table(content, "build", "docker")["web"];
  return {
    ...emptyPlatform(),
    lines: [
      ...Object.entries(table(content, "run")).flatMap(([name, process]) =>
        line(name, commandOf(process), where("run", name)),
      ),
      ...line("release", table(content, "release")["command"], where("release", "command")),
    ],
    environment: new Map(
      Object.entries(table(content, "setup", "config")).flatMap(([name, value]) =>
        variable(name, value, where("setup", "config", name)),
      ),
    ),
    dockerfile: textAt(dockerfile, where("build", "docker", "web")),
  };
}
