import { appWords } from "../../app/appWords";
import { type Difference, isEmpty } from "../../live/sources";
import type { OtherChange } from "./otherProjects";

/** What changed since the last update, or since the pods were last brought to it. */
export interface Change {
  /** Files of the program and of the stack's config that changed, as the checkout names them. */
  program: string[];
  /** Files of any project that were saved, whether that changed them or not. */
  saved: string[];
  /** What changed of the project; undefined where it cannot be read, of which an update says why. */
  project: Difference | undefined;
  /** What changed of the project of another app of the stack; undefined for nothing. */
  other: OtherChange | undefined;
}

/** What decides on a change. */
export interface Circumstances {
  stack: string;
  /** Whether the last update succeeded, so that what is saved can reach its pods. */
  isDeployed: boolean;
  /** Whether the last update could read the project. */
  wasRead: boolean;
  /** Whether the pods take sources. */
  isLive: boolean;
  /** Why the image has to be built for a file of the project; undefined where it need not be. */
  needsBuild: (name: string) => string | undefined;
  /** Whether the stack's config says how migrations are run. */
  hasRelease: boolean;
}

/** What `npm run watch` does about a change. */
export type Reaction = { is: "ignore" } | { is: "deploy"; why: string } | { is: "sync"; migrations: string[] };

/** Names that are listed of many. */
const shown = 3;

/**
 * Decides on a change. What cannot be put into running pods is deployed: another image, another config, migrations that
 * are to run before processes change, and what is of another app.
 */
export function reactionTo({ program, saved, project, other }: Change, circumstances: Circumstances): Reaction {
  const { stack, isDeployed, wasRead, isLive, needsBuild, hasRelease } = circumstances;
  if (project === undefined) {
    const files = [...program, ...saved];
    const why = files.length > 0 ? `${inWords(files)} changed` : "The project cannot be read any more";
    // The next update would fail as the last one did, again and again.
    return files.length > 0 || wasRead ? { is: "deploy", why } : { is: "ignore" };
  }
  const names = [...project.changed, ...project.removed];
  if (program.length > 0) {
    return { is: "deploy", why: `${inWords([...program, ...names])} changed` };
  }
  if (!isDeployed && saved.length > 0) {
    return { is: "deploy", why: `${inWords(saved)} changed` };
  }
  if (other !== undefined) {
    const why = isLive
      ? `, and saves of app ${other.app} are deployed: \`npm run watch -- ${appWords({ stack, app: other.app })}\` brings them to its pods`
      : "";
    return { is: "deploy", why: `${inWords(other.names)} changed${why}` };
  }
  if (isEmpty(project)) {
    return { is: "ignore" };
  }
  if (!isLive) {
    return { is: "deploy", why: `${inWords(names)} changed` };
  }
  const built = names.find((name) => needsBuild(name) !== undefined);
  if (built !== undefined) {
    return { is: "deploy", why: `${built} changed, and ${needsBuild(built) ?? ""}: this is deployed` };
  }
  const migrations = project.changed.filter(isMigration);
  if (hasRelease && migrations.length > 0) {
    return { is: "deploy", why: `${inWords(migrations)} changed, and migrations run before the pods change` };
  }
  return { is: "sync", migrations };
}

const isMigration = (name: string): boolean =>
  /(^|\/)migrations\/[^/]+\.py$/.test(name) && !name.endsWith("/__init__.py");

/** The first names of some files, and how many more there are; a folder is named where none of its files is. */
export function inWords(names: readonly string[]): string {
  const parents = new Set(names.flatMap(foldersOf));
  const files = names.filter((name) => !parents.has(name));
  const rest = files.length - shown;
  return rest > 0 ? `${files.slice(0, shown).join(", ")} and ${rest} more` : files.join(", ");
}

const foldersOf = (name: string): string[] =>
  name
    .split("/")
    .slice(0, -1)
    .map((_, at, parts) => parts.slice(0, at + 1).join("/"));
