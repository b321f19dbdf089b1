import type { Change, Action, Resource, ResourceProperty } from "../../pulumi/changes/changes";
import { partOf } from "../../app/partOf";
import { code, folded } from "./markdown";

/** A config key whose value differs between the base and the working tree; undefined on a side that does not set it. */
export interface ConfigChange {
  key: string;
  before: unknown;
  after: unknown;
}

const mostProperties = 50;
const mostNames = 20;

const titles: Record<Action, string> = { create: "Create", change: "Change", replace: "Replace", delete: "Delete" };

/** A warning that names what is replaced or deleted. */
export function warning(changes: Change[]): string[] {
  const lines = (["replace", "delete"] as const).flatMap((action) => {
    const found = changes.filter((change) => change.action === action);
    const what = action === "replace" ? "Replaced" : "Deleted";
    return found.length === 0 ? [] : [`> ${what}: ${listed(found)}.`];
  });
  return lines.length === 0 ? [] : [["> [!WARNING]", ...lines].join("\n>\n").replace("]\n>\n", "]\n")];
}

function listed(resources: Resource[]): string {
  const names = resources.slice(0, mostNames).map(called).join(", ");
  return resources.length > mostNames ? `${names} and ${resources.length - mostNames} more` : names;
}

/** The kind, the name, and what it is for where they do not say that: Deployment `kubernetes-django-worker` (process worker). */
export function called({ kind, name }: Resource): string {
  const part = partOf({ kind, name });
  return `${kind} ${code(name)}${part === undefined ? "" : ` (${part})`}`;
}

/** How the config of the stack differs. */
export function configSection(config: ConfigChange[]): string[] {
  return config.length === 0
    ? []
    : ["#### Stack config", bullets(config.map(({ key, ...sides }) => ({ path: key, ...sides })))];
}

type Line = Pick<ResourceProperty, "path" | "before" | "after"> & { forcesReplacement?: boolean };

function bullets(properties: Line[]): string {
  const lines = properties.slice(0, mostProperties).map(({ path, before, after, forcesReplacement }) => {
    const reason = forcesReplacement === true ? " (forces the replacement)" : "";
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
  const body: Record<Action, () => string[]> = {
    create: () => (count === 0 ? [] : [folded(count === 1 ? "1 property" : `${count} properties`, given(change))]),
    change: () => [count === 0 ? "The provider does not say what changes." : bullets(change.properties)],
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
