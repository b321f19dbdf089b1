import type { V1Pod } from "@kubernetes/client-node";

import {
  appPods,
  containerName,
  databaseLabels,
  migrationLabels,
  podLabels,
  processLabels,
  redisLabels,
  scheduleLabels,
} from "../../components/app/labels";
import type { Json } from "../../components/kubernetes/types";

/** What a pod of a stack does. */
export interface Role {
  kind: "web" | "release" | "process" | "schedule" | "redis" | "database";
  /** As the stack's config and the commands of `npm run` name it, such as worker. */
  name: string;
  /** Name of the container that runs the app's image; undefined where none does. */
  app: string | undefined;
}

export const web: Role = { kind: "web", name: "web", app: containerName };

const single: Partial<Record<string, Role>> = {
  [podLabels.app]: web,
  [migrationLabels.app]: { kind: "release", name: "release", app: containerName },
  [redisLabels.app]: { kind: "redis", name: "redis", app: undefined },
  [databaseLabels.app]: { kind: "database", name: "database", app: undefined },
};

/** What the pods with some labels do; undefined for pods of others. */
export function roleOf(labels: Record<string, string> | undefined): Role | undefined {
  const { app = "", process, schedule } = labels ?? {};
  if (process !== undefined && app === processLabels(process).app) {
    return { kind: "process", name: process, app: process };
  }
  if (schedule !== undefined && app === scheduleLabels(schedule).app) {
    return { kind: "schedule", name: schedule, app: schedule };
  }
  return single[app];
}

/** What a pod does, by its labels, or by the container that runs the app's image. */
export function roleOfPod({ metadata, spec }: Json<V1Pod>): Role | undefined {
  const isWeb = spec?.containers.some(({ name }) => name === containerName) === true;
  return roleOf(metadata?.labels) ?? (isWeb ? web : undefined);
}

/** Selects the pods of a role. @default all that run the app's image */
export function selectorOf(role?: Pick<Role, "kind" | "name">): string {
  return role === undefined
    ? `app in (${appPods.join(",")})`
    : Object.entries(labelsOf(role))
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
}

/** Selects the pods of the web process and of all processes beside it. */
export const processesSelector = `app in (${podLabels.app},${processLabels("").app})`;

function labelsOf({ kind, name }: Pick<Role, "kind" | "name">): Record<string, string> {
  switch (kind) {
    case "web":
      return podLabels;
    case "release":
      return migrationLabels;
    case "process":
      return processLabels(name);
    case "schedule":
      return scheduleLabels(name);
    case "database":
      return databaseLabels;
    case "redis":
      return redisLabels;
  }
}

/** Such as `process worker`; `the database` for what config does not name. */
export function roleInWords({ kind, name }: Pick<Role, "kind" | "name">): string {
  switch (kind) {
    case "process":
    case "schedule":
      return `${kind} ${name}`;
    case "web":
      return "process web";
    case "release":
      return "the release command";
    default:
      return `the ${kind === "redis" ? "Redis" : kind}`;
  }
}
