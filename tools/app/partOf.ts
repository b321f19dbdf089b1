import { project } from "../stack/stackConfig";

/** Parts of an app that config names by keys of their own, by what the names of their objects go on with. */
const owned: Partial<Record<string, string>> = {
  redis: "Redis",
  media: "media",
  database: "database",
  sqlite: "database",
  migrate: "release command",
  backup: "backup",
};

/**
 * What an object of an app is for, in the words of the stack's config, such as "process worker"; undefined where its kind
 * and name say it already.
 */
export function partOf({ kind, name }: { kind: string; name: string }): string | undefined {
  if (!name.startsWith(`${project}-`)) {
    return undefined;
  }
  const part = name.slice(project.length + 1);
  const [, known] = Object.entries(owned).find(([each]) => part === each || part.startsWith(`${each}-`)) ?? [];
  if (known !== undefined) {
    return known;
  }
  switch (kind) {
    case "Deployment":
      return `process ${part}`;
    case "CronJob":
      return `schedule ${part}`;
    default:
      return undefined;
  }
}
