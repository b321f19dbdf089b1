import { table, tables, text as textOf } from "../../dependencies/toml";
import { readYaml } from "../yamlText";
import { emptyPlatform, line, type Platform, portAt, textAt, variable } from "./platform";

/** Buildpacks that run a project of Python; none is named where a Dockerfile is. */
const slugs = new Set<unknown>([undefined, "python"]);

/**
 * Reads the app of DigitalOcean's App Platform in `.do/`. Undefined where it is no YAML.
 *
 * @param hasProject whether a folder, relative to the root of the repository, has the project
 */
export function readDigitalOcean(
  text: string,
  file: string,
  hasProject: (folder: string) => boolean,
): Platform | undefined {
  const { content, lineAt } = readYaml(text);
  if (content === undefined) {
    return undefined;
  }
  const root = "spec" in table(content) ? ["spec"] : [];
  const app = table(content, ...root);
  const componentsOf = (kind: string) =>
    tables(app[kind])
      .map((component, index) => ({
        component,
        at: (...keys: (string | number)[]) => `${file}:${lineAt([...root, kind, index, ...keys]) ?? 1}`,
      }))
      .filter(
        ({ component }) =>
          slugs.has(component["environment_slug"]) &&
          hasProject(textOf(component["source_dir"])?.replace(/^\//, "") || "."),
      );
  const [web, ...services] = componentsOf("services");
  const jobs = componentsOf("jobs").filter(({ component }) => component["kind"] === "PRE_DEPLOY");
  const lineOf = (name: string, { component, at }: (typeof services)[number]) =>
    line(name, component["run_command"], at("run_command"));
  const variables = (owner: Readonly<Record<string, unknown>>, where: string) =>
    tables(owner["envs"]).flatMap(({ key, value, type }) => (type === "SECRET" ? [] : variable(key, value, where)));
  return {
    ...emptyPlatform(),
    lines: [
      ...(web === undefined ? [] : lineOf("web", web)),
      ...[...services, ...componentsOf("workers")].flatMap((each) =>
        lineOf(textOf(each.component["name"]) ?? "worker", each),
      ),
      ...jobs.slice(0, 1).flatMap((each) => lineOf("release", each)),
    ],
    environment: new Map([
      ...variables(app, file),
      ...(web === undefined ? [] : variables(web.component, web.at("envs"))),
    ]),
    port: web && portAt(web.component["http_port"], web.at("http_port")),
    healthPath: web && textAt(table(web.component, "health_check")["http_path"], web.at("health_check", "http_path")),
    dockerfile: web && textAt(web.component["dockerfile_path"], web.at("dockerfile_path")),
  };
}
