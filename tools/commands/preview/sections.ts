import type { Change, Kind, Resource, ResourceProperty } from "../../pulumi/changes/changes";
import { code, folded } from "./markdown";

/** A config key whose value differs between the base and the working tree; undefined where it is not set. */
export interface ConfigChange {
  key: string;
  before: unknown;
  after: unknown;
}

const mostProperties = 50;
const mostNames = 20;

const titles: Record<Kind, string> = { create: "Create", change: "Change", replace: "Replace", delete: "Delete" };

/** Names what is replaced or deleted, for nobody to miss. */
export function warning(changes: Change[]): string[] {
  const lines = (["replace", "delete"] as const).flatMap((kind) => {
    const found = changes.filter(({ action }) => action === kind);
    const what = kind === "replace" ? "Replaced, a new one in place of the old" : "Deleted";
    return found.length === 0 ? [] : [`> ${what}: ${listed(found)}.`];
  });
  return lines.length === 0 ? [] : [["> [!WARNING]", ...lines].join("\n>\n").replace("]\n>\n", "]\n")];
}

function listed(resources: Resource[]): string {
  const names = resources.slice(0, mostNames).map(called).join(", ");
  return resources.length > mostNames ? `${names} and ${resources.length - mostNames} more` : names;
}

/** `Deployment` and the name. */
export function called({ kind, name }: Resource): string {
  return `${kind} ${code(name)}`;
}

/** How the stack's config itself differs. */
export function configSection(config: ConfigChange[]): string[] {
  return config.length === 0
    ? []
    : ["#### Stack config", bullets(config.map(({ key, ...sides }) => ({ path: key, ...sides })))];
}

type Line = Pick<ResourceProperty, "path" | "before" | "after"> & { forcesReplacement?: boolean };

function bullets(properties: Line[]): string {
  const lines = properties.slice(0, mostProperties).map(({ path, before, after, forcesReplacement }) => {
    const reason = forcesReplacement === true ? ", for which it is replaced" : "";
    return `- ${code(path)}: ${sides(before, after)}${reason}`;
  });
  const rest = properties.length - mostProperties;
  return [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}

function sides(before: unknown, after: unknown): string {
  if (before === undefined) {
    return `added, ${code(after)}`;
  }
  if (after === undefined) {
    return `removed, was ${code(before)}`;
  }
  return `${code(before)} → ${code(after)}${JSON.stringify(before) === JSON.stringify(after) ? " (changed)" : ""}`;
}

/** One changed resource with its properties. */
export function section(change: Change): string {
  const title = `#### ${titles[change.action]} ${called(change)}`;
  const count = change.properties.length;
  const body: Record<Kind, () => string[]> = {
    create: () => (count === 0 ? [] : [folded(count === 1 ? "1 property" : `${count} properties`, given(change))]),
    change: () => [count === 0 ? "The provider does not say in what." : bullets(change.properties)],
    replace: () => [count === 0 ? "The provider does not say why." : bullets(change.properties)],
    delete: () => [],
  };
  return [title, ...body[change.action]()].join("\n\n");
}

function given({ properties }: Change): string {
  const lines = properties.slice(0, mostProperties).map(({ path, after }) => `- ${code(path)}: ${code(after)}`);
  const rest = properties.length - mostProperties;
  return [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}
