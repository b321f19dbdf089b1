import type { V1CronJob, V1Deployment, V1Job, V1StatefulSet } from "@kubernetes/client-node";

import { read } from "../../components/kubernetes/client";
import type { List } from "../../components/kubernetes/types";
import { Problem } from "../../components/problem";
import type { Place } from "../rollout/kubernetes";
import { type Role, roleOf, selectorOf } from "./role";

/** What makes the pods of a role. */
export interface Workload extends Role {
  /** Name of the Deployment, StatefulSet, CronJob or Job. */
  object: string;
  /** Pods that are to run; undefined for a schedule and the release command, which have some at times. */
  replicas: number | undefined;
}

/** What a stack runs in a namespace: web first, then the others by their names. */
export async function workloadsIn({ context, namespace }: Place): Promise<Workload[]> {
  const path = (group: string, kind: string): string => `/apis/${group}/v1/namespaces/${namespace}/${kind}`;
  const [deployments, statefulSets, cronJobs, jobs] = await Promise.all([
    read<List<V1Deployment>>(context, path("apps", "deployments")),
    read<List<V1StatefulSet>>(context, path("apps", "statefulsets")),
    read<List<V1CronJob>>(context, path("batch", "cronjobs")),
    read<List<V1Job>>(context, path("batch", "jobs"), {
      labelSelector: selectorOf({ kind: "release", name: "release" }),
    }),
  ]);
  const standing = [...deployments.items, ...statefulSets.items].map(({ metadata, spec }) => ({
    labels: spec?.template.metadata?.labels,
    object: metadata.name,
    replicas: spec?.replicas ?? 1,
  }));
  const scheduled = cronJobs.items.map(({ metadata, spec }) => ({
    labels: spec?.jobTemplate.spec?.template.metadata?.labels,
    object: metadata.name,
    replicas: undefined,
  }));
  const released = jobs.items.slice(-1).map(({ metadata, spec }) => ({
    labels: spec?.template.metadata?.labels,
    object: metadata.name,
    replicas: undefined,
  }));
  const found = [...standing, ...scheduled, ...released].flatMap(({ labels, ...rest }): Workload[] => {
    const role = roleOf(labels);
    return role === undefined ? [] : [{ ...role, ...rest }];
  });
  return found.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name));
}

const kinds: Role["kind"][] = ["web", "process", "schedule", "release", "database", "redis"];
const order = ({ kind }: Role): number => kinds.indexOf(kind);

/**
 * The workload of a name.
 *
 * @param what kind of name it is, such as "process"
 * @throws a `Problem` with the known ones where there is none of that name
 */
export function workloadNamed<T extends { name: string }>(
  known: readonly T[],
  name: string,
  { stack, what }: { stack: string; what: "process" | "schedule" },
): T {
  const found = known.find((each) => each.name === name);
  if (found === undefined) {
    const names = known.map((each) => each.name);
    throw new Problem(
      names.length === 0
        ? `Stack ${stack} has no ${what} "${name}", and none at all`
        : `Stack ${stack} has no ${what} "${name}": there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`,
    );
  }
  return found;
}

/** A process of a stack, web among them. Throws a `Problem` with the known ones where there is none of that name. */
export async function processNamed(place: Place, name: string, stack: string): Promise<Workload> {
  const processes = (await workloadsIn(place)).filter(({ kind }) => kind === "web" || kind === "process");
  return workloadNamed(processes, name, { stack, what: "process" });
}
