import fs from "node:fs";
import path from "node:path";

import { writeWhole } from "../../wholeFile";
import { apiGet } from "./api";
import { clusterFolder, type ClusterKind } from "./kinds";
import type { ClusterPlan } from "./plan";
import { startTime } from "./processes";

/** The label that every stack gives its namespace. */
const stackLabel = "pod-security.kubernetes.io/enforce=restricted";

const usersFolder = (kind: ClusterKind): string => path.join(clusterFolder(kind), "users");

/** Has no other command stop the cluster while this process runs. */
export function registerUse(kind: ClusterKind): void {
  const file = path.join(usersFolder(kind), String(process.pid));
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeWhole(file, startTime(process.pid) ?? "");
  process.once("exit", () => {
    fs.rmSync(file, { force: true });
  });
}

/** The other processes that registered and still run. */
export function otherProcesses(kind: ClusterKind): number[] {
  const folder = usersFolder(kind);
  const pids = (fs.existsSync(folder) ? fs.readdirSync(folder) : []).map(Number).filter((pid) => pid !== process.pid);
  return pids.filter((pid) => {
    const file = path.join(folder, String(pid));
    const runs = startTime(pid) === fs.readFileSync(file, { encoding: "utf8" });
    if (!runs) {
      fs.rmSync(file, { force: true });
    }
    return runs;
  });
}

/** The namespaces of the stacks that are deployed to a cluster; none when it does not answer. */
export async function stackNamespaces(kind: ClusterKind, plan: ClusterPlan): Promise<string[]> {
  const body = await apiGet(kind, plan, "/api/v1/namespaces", { labelSelector: stackLabel });
  const { items } = JSON.parse(body ?? '{"items":[]}') as {
    items: { metadata: { name: string; deletionTimestamp?: string } }[];
  };
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name);
}

/** Why a cluster has to go on running, as the end of a sentence; undefined when nothing uses it. */
export function whyUsed(namespaces: readonly string[], processes: readonly number[]): string | undefined {
  const named = (one: string, several: string, all: readonly (string | number)[]): string[] =>
    all.length === 0 ? [] : [`${all.length === 1 ? one : several} ${all.join(", ")}`];
  const users = [
    ...named("a stack runs in namespace", "stacks run in namespaces", namespaces),
    ...named("it is used by process", "it is used by processes", processes),
  ];
  return users.length === 0 ? undefined : users.join(", and ");
}
