import { shellWord } from "../../components/advice";
import { project } from "../stack/stackConfig";
import { appKey } from "./appWords";
import type { Role } from "./role";

/**
 * The key of the stack's config that says something of a role, such as `processes.worker.memoryLimit`.
 *
 * @param app whose role it is. @default the stack's first one
 */
export function configKey({ kind, name }: Pick<Role, "kind" | "name">, key: string, app = project): string {
  switch (kind) {
    case "process":
      return appKey(app, `processes.${name}.${key}`);
    case "schedule":
      return appKey(app, `schedules.${name}.${key}`);
    default:
      return appKey(app, key);
  }
}

/** What stands for a command line in advice: it will have blanks. */
export const someCommand = "COMMAND";

/** The command that sets such a key, without backticks. */
export function setKey(role: Pick<Role, "kind" | "name">, key: string, value: string, app = project): string {
  const path = configKey(role, key, app);
  return `pulumi config set ${path === appKey(app, key) ? "" : "--path "}${path} ${value === someCommand ? `'${value}'` : shellWord(value)}`;
}
