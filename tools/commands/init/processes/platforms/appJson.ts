import { table, tables, text as textOf } from "../../dependencies/toml";
import type { Found } from "../../findings";
import { readYaml } from "../yamlText";
import { emptyPlatform, line, type Platform, textAt, variable } from "./platform";

/** What chooses the settings. The others are defaults for a new app, beside the servers that Heroku adds to it. */
const choosing = /^(DJANGO_)?(SETTINGS_MODULE|CONFIGURATION|ENV|ENVIRONMENT)$/;

/**
 * Reads `app.json`, by which Heroku makes an app and Dokku knows schedules and health checks. It may be of something else,
 * such as a mobile app, and then says nothing here.
 */
export function readAppJson(text: string, file: string): Platform {
  const { content, lineAt } = readYaml(text);
  const where = (...keys: (string | number)[]): string => `${file}:${lineAt(keys) ?? 1}`;
  const valueOf = (entry: unknown): unknown => (typeof entry === "string" ? entry : table(entry)["value"]);
  const checks = tables(table(content, "healthchecks")["web"]);
  return {
    ...emptyPlatform(),
    lines: line("release", table(content, "scripts", "dokku")["predeploy"], where("scripts", "dokku", "predeploy")),
    schedules: tables(table(content)["cron"]).flatMap(({ command, schedule }, index) => {
      const [first] = line(`cron-${index + 1}`, command, where("cron", index, "command"));
      return first === undefined ? [] : [{ ...first, schedule: textOf(schedule) ?? "" }];
    }),
    environment: new Map(
      Object.entries(table(content, "env")).flatMap(([name, entry]): [string, Found<string>][] =>
        choosing.test(name) ? variable(name, valueOf(entry), where("env", name)) : [],
      ),
    ),
    healthPath: checks.map(({ path }, index) => textAt(path, where("healthchecks", "web", index))).find(Boolean),
  };
}
