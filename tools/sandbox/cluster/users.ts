import fs from "node:fs";
import path from "node:path";

import { markOf } from "../../../components/safeguards/mark";
import { anchorLabel } from "../../../components/safeguards/priorState";
import { writeWhole } from "../../wholeFile";
import { apiGet } from "./api";
import { runningPid } from "./daemons";
import { clusterFolder, type ClusterKind } from "./kinds";
import type { ClusterPlan } from "./plan";
import { startTime } from "./processes";

/** What a list of the API server has. */
interface Item {
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
  };
}

/** Objects that a stack has in its namespace, also in one that was there before it, by list and label. */
const ofStacks = [
  ["/apis/apps/v1/deployments", "app=django"],
  ["/api/v1/configmaps", `${anchorLabel}=true`],
] as const;

const usersFolder = (kind: ClusterKind): string => path.join(clusterFolder(kind), "users");

/** Files of this process, which go with it. */
const registered = new Set<string>();

/** Has no other command stop the cluster while this process runs, which may say so for each of many updates. */
export function registerUse(kind: ClusterKind): void {
  const file = path.join(usersFolder(kind), String(process.pid));
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeWhole(file, startTime(process.pid) ?? "");
  if (!registered.has(file)) {
    registered.add(file);
    process.once("exit", () => {
      fs.rmSync(file, { force: true });
    });
  }
}

/** The other processes that registered and still run. */
export function otherProcesses(kind: ClusterKind): number[] {
  const folder = usersFolder(kind);
  const pids = (fs.existsSync(folder) ? fs.readdirSync(folder) : []).map(Number);
  // A file that is being written has another name.
  return pids.filter(Number.isInteger).filter((pid) => {
    const file = path.join(folder, String(pid));
    if (pid === process.pid) {
      return false;
    }
    const noted = readIfThere(file);
    const runs = noted !== undefined && startTime(pid) === noted;
    if (!runs) {
      fs.rmSync(file, { force: true });
    }
    return runs;
  });
}

/** A process that ends takes its file away. */
function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The namespaces of the stacks on a cluster; undefined when its API server runs and does not answer. */
export async function stackNamespaces(kind: ClusterKind, plan: ClusterPlan): Promise<string[] | undefined> {
  const ask = async (path: string, labelSelector?: string): Promise<Item[] | undefined> => {
    const body = await apiGet(kind, plan, path, labelSelector === undefined ? {} : { labelSelector });
    return body === undefined ? undefined : (JSON.parse(body) as { items: Item[] }).items;
  };
  const [namespaces, ...lists] = await Promise.all([
    ask("/api/v1/namespaces"),
    ...ofStacks.map(async ([path, label]) => await ask(path, label)),
  ]);
  const objects = lists.filter((list) => list !== undefined);
  if (namespaces === undefined || objects.length < lists.length) {
    return runningPid(clusterFolder(kind), "kube-apiserver") === undefined ? [] : undefined;
  }
  return namespacesInUse(namespaces, objects.flat());
}

/** The namespaces that a stack marked or labelled, and those of stacks' objects, without what is being deleted. */
export function namespacesInUse(namespaces: readonly Item[], objects: readonly Item[]): string[] {
  const inUse = new Set(objects.filter(stays).map(({ metadata }) => metadata.namespace));
  return namespaces
    .filter(stays)
    .filter(({ metadata }) => {
      // Every stack labels the namespace that it makes, of which some of an earlier release have no mark.
      const isLabelled = metadata.labels?.["pod-security.kubernetes.io/enforce"] === "restricted";
      return isLabelled || markOf(metadata) !== undefined || inUse.has(metadata.name);
    })
    .map(({ metadata }) => metadata.name);
}

const stays = ({ metadata }: Item): boolean => metadata.deletionTimestamp === undefined;

/**
 * Why a cluster has to go on running, as the end of a sentence; undefined when nothing uses it.
 *
 * @param namespaces of stacks; undefined when nobody can tell
 */
export function whyUsed(namespaces: readonly string[] | undefined, processes: readonly number[]): string | undefined {
  const named = (one: string, several: string, all: readonly (string | number)[]): string[] =>
    all.length === 0 ? [] : [`${all.length === 1 ? one : several} ${all.join(", ")}`];
  const users = [
    ...(namespaces === undefined
      ? ["its API server does not answer, so a stack may still run in it"]
      : named("a stack runs in namespace", "stacks run in namespaces", namespaces)),
    ...named("it is used by process", "it is used by processes", processes),
  ];
  return users.length === 0 ? undefined : users.join(", and ");
}
