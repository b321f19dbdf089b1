import type { Found } from "../../findings";
import { Interpreter } from "../interpreter/interpreter";
import { Recording } from "../interpreter/record";
import { plainText } from "../interpreter/values";
import type { ModuleFiles } from "../project/modules";
import type { Statement } from "../python/syntax";
import type { Evaluation } from "./evaluation";

/** A wsgi.py or an asgi.py. */
export interface Application {
  /** Such as `shop.wsgi:application`. */
  found: Found<string>;
  /** What it sets DJANGO_SETTINGS_MODULE to; undefined where that is not known. */
  settingsModule: string | undefined;
  /** Whether it sets that. */
  namesSettings: boolean;
  /** Packages that it imports, with those below them: `channels.routing`. */
  imports: string[];
}

/** It imports the whole project, which says nothing of it but what a helper beside it does. */
const mostModules = 5;

/**
 * The WSGI or ASGI application: where settings name it, else beside the settings.
 *
 * @param settings name of the settings module
 */
export function findApplication(
  kind: "wsgi" | "asgi",
  modules: ModuleFiles,
  settings: string | undefined,
  evaluation: Evaluation | undefined,
): Application | undefined {
  const written = plainText(evaluation?.setting(`${kind.toUpperCase()}_APPLICATION`));
  const [name, attribute] = written === undefined ? [] : lastPart(written);
  const parents = (settings ?? "").split(".").map((_, index, all) => all.slice(0, all.length - index - 1).join("."));
  const beside = parents.map((parent) => (parent === "" ? kind : `${parent}.${kind}`));
  const elsewhere = modules.topPackages().map((top) => `${top}.${kind}`);
  const candidates = [...(name === undefined ? [] : [name]), ...beside, ...elsewhere];
  for (const candidate of candidates) {
    const module = modules.find(candidate);
    if (module) {
      const record = new Recording(new Map());
      const names = new Interpreter(record, modules, mostModules).execute(module, candidate).names;
      const variable = [attribute, "application", "app"].find((one) => one !== undefined && names.has(one));
      if (variable !== undefined) {
        const where = record.places.get(variable) ?? module.file;
        return {
          found: { value: `${candidate}:${variable}`, where },
          settingsModule: plainText(record.assigned.get("DJANGO_SETTINGS_MODULE")),
          namesSettings: record.assigned.has("DJANGO_SETTINGS_MODULE"),
          imports: importsOf(module.body),
        };
      }
    }
  }
  return undefined;
}

function lastPart(dotted: string): [string, string] {
  const at = dotted.lastIndexOf(".");
  return [dotted.slice(0, Math.max(0, at)), dotted.slice(at + 1)];
}

/** Modules that statements import, also those within blocks. */
export function importsOf(body: readonly Statement[]): string[] {
  return body.flatMap((statement): string[] => {
    switch (statement.kind) {
      case "import":
        return statement.modules.map(({ name }) => name);
      case "importFrom":
        return statement.level === 0 ? [statement.module] : [];
      case "if":
        return statement.branches.flatMap((branch) => importsOf(branch.body));
      case "try":
        return importsOf([...statement.body, ...statement.otherwise]);
      default:
        return [];
    }
  });
}
