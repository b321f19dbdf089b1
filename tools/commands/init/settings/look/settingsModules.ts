import * as path from "node:path";

import type { Found } from "../../findings";
import { Interpreter } from "../interpreter/interpreter";
import { Recording } from "../interpreter/record";
import { plainText } from "../interpreter/values";
import type { ModuleFiles } from "../project/modules";
import { isSettingsModule } from "./evaluation";

/** What manage.py says of the settings. */
export interface ManageFindings {
  settingsModule: Found<string> | undefined;
  /** What manage.py sets DJANGO_SETTINGS_MODULE to where that is not there, "" where it chooses in a way that is not known. */
  unknownModule: Found<string> | undefined;
  /** Whether it names settings that are there, or chooses them in a way that is not known. */
  namesSettings: boolean;
  /** The class of settings, with django-configurations. */
  configuration: string | undefined;
}

/** Reads what manage.py sets DJANGO_SETTINGS_MODULE to; else a settings module is looked for. */
export function findSettingsModule(modules: ModuleFiles, manageFolder: string): ManageFindings {
  const record = new Recording(new Map());
  const file = path.join(modules.project, manageFolder, "manage.py");
  const module = modules.read(file, "manage", false);
  if (module) {
    new Interpreter(record, modules).execute(module, "__main__");
  }
  const written = plainText(record.assigned.get("DJANGO_SETTINGS_MODULE"));
  const configuration = plainText(record.assigned.get("DJANGO_CONFIGURATION"));
  const where = record.assignedAt.get("DJANGO_SETTINGS_MODULE") ?? module?.file ?? "manage.py";
  if (written !== undefined && modules.has(written)) {
    return { settingsModule: { value: written, where }, unknownModule: undefined, namesSettings: true, configuration };
  }
  const top = modules.topPackages();
  const packages = ["settings", ...top.map((name) => `${name}.settings`)].filter((name) => modules.has(name));
  const guessed = packages
    .flatMap((name) => [name, ...[...productionNames, ...otherNames].map((inner) => `${name}.${inner}`)])
    .find((name) => modules.has(name) && isSettingsModule(modules, name));
  const settingsModule =
    guessed === undefined ? undefined : { value: guessed, where: modules.fileOf(guessed) ?? guessed };
  const isChosen = written === undefined && record.assigned.has("DJANGO_SETTINGS_MODULE");
  const unknownModule = written === undefined && !isChosen ? undefined : { value: written ?? "", where };
  return { settingsModule, unknownModule, namesSettings: isChosen, configuration };
}

/** Names of settings modules for servers, the most telling first. */
const productionNames = [
  "production",
  "prod",
  "live",
  "deployment",
  "deploy",
  "server",
  "docker",
  "container",
  "heroku",
];

/** Names of other settings modules, for a project that does not say which one it uses. */
const otherNames = ["base", "common", "default", "defaults", "local", "development", "dev"];

/**
 * Of split settings the module for servers: what wsgi.py or asgi.py name, else the one that is called so.
 *
 * @param served what wsgi.py and asgi.py set DJANGO_SETTINGS_MODULE to
 */
export function findProductionModule(
  modules: ModuleFiles,
  settings: string,
  served: readonly (Found<string> | undefined)[],
): Found<string> | undefined {
  const parts = settings.split(".");
  const last = parts.at(-1) ?? "";
  if (isProductionName(last)) {
    return undefined;
  }
  const isOther = (name: string) => name !== settings && modules.has(name) && isSettingsModule(modules, name);
  const isSibling = (name: string) => name.split(".")[0] === parts[0] && isOther(name);
  // One of another package may be for the workers alone.
  const isServed = served.some((found) => found?.value === settings);
  const named = isServed ? undefined : served.find((found) => found && isOther(found.value));
  if (named && !/(^|[._])(local|dev|development|test|tests|testing|base|common)$/.test(named.value)) {
    return named;
  }
  const parent = parts.slice(0, -1).join(".");
  const packages = [settings, ...(parent === "" ? [] : [parent])];
  for (const name of packages) {
    const siblings = modules.siblings(name);
    const found = productionNames
      .flatMap((word) => [word, `settings_${word}`, `${word}_settings`, `${last}_${word}`])
      .find(
        (sibling) =>
          siblings.includes(sibling) && !isSomethingElse(name, settings, sibling) && isSibling(`${name}.${sibling}`),
      );
    if (found !== undefined) {
      const value = `${name}.${found}`;
      return { value, where: modules.fileOf(value) ?? value };
    }
  }
  return undefined;
}

function isProductionName(name: string): boolean {
  return productionNames.some((word) => name === word || name === `settings_${word}` || name === `${word}_settings`);
}

/** In a package that holds more than settings, `docker` or `deploy` may be anything: only a name with `settings` counts. */
function isSomethingElse(packageName: string, settings: string, sibling: string): boolean {
  const [last = "", holder = ""] = [settings, packageName].map((name) => name.split(".").at(-1) ?? "");
  const holdsSettings = packageName === settings || otherNames.includes(last) || /settings|config|conf$/.test(holder);
  return !holdsSettings && !sibling.includes("settings");
}
