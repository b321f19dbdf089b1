import { shellWord } from "../../components/advice";
import type { Role } from "./role";

/** The key of the stack's config that says something of a role, such as `processes.worker.memoryLimit`. */
export function configKey({ kind, name }: Pick<Role, "kind" | "name">, key: string): string {
  switch (kind) {
    case "process":
      return `processes.${name}.${key}`;
    case "schedule":
      return `schedules.${name}.${key}`;
    default:
      return key;
  }
}

/** What stands for a command line in advice: it will have blanks. */
export const someCommand = "COMMAND";

/** The command that sets such a key, without backticks. */
export function setKey(role: Pick<Role, "kind" | "name">, key: string, value: string): string {
  const path = configKey(role, key);
  return `pulumi config set ${path === key ? "" : "--path "}${path} ${value === someCommand ? `'${value}'` : shellWord(value)}`;
}
