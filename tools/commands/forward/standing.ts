import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";

import { read } from "../../../components/kubernetes/client";
import type { Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { runUp } from "../../app/ownPlace";
import { type Workload, workloadNamed, workloadsIn } from "../../app/workloads";
import type { Place, Template } from "../../rollout/kubernetes";
import type { StackConfig } from "../../stack/stackConfig";

interface StackOf {
  stack: string;
  config: Pick<StackConfig, "has" | "text">;
}

/**
 * What a stack runs under a name, and keeps running.
 *
 * @param name `postgres` is the database, unless a process is called that
 * @throws a `Problem` where there is none
 */
export async function standing({ stack, config }: StackOf, place: Place, name: string): Promise<Workload> {
  const kinds: Workload["kind"][] = ["web", "process", "database", "redis"];
  const known = (await workloadsIn(place)).filter(({ kind }) => kinds.includes(kind));
  const isKnown = known.some((each) => each.name === name);
  const wanted = name === "postgres" && !isKnown ? "database" : name;
  if (wanted === "database" && !known.some(({ kind }) => kind === "database")) {
    throw noServer({ stack, config });
  }
  return workloadNamed(known, wanted, { stack, what: "process" });
}

function noServer({ stack, config }: StackOf): Problem {
  if (config.has("databaseUrl")) {
    return new Problem(`Stack ${stack} runs no database server: its database is the one of \`databaseUrl\``);
  }
  return config.text("database") === "postgres"
    ? new Problem(`Stack ${stack} runs no database server yet`, runUp(stack))
    : new Problem(`Stack ${stack} runs no database server: \`database\` is sqlite, a file in the pod`);
}

/** What its pods are made from. */
export async function templateOf({ context, namespace }: Place, { kind, object }: Workload): Promise<Template> {
  const objects = kind === "database" || kind === "redis" ? "statefulsets" : "deployments";
  const path = `/apis/apps/v1/namespaces/${namespace}/${objects}/${object}`;
  return (await read<Live<V1Deployment | V1StatefulSet>>(context, path)).spec?.template ?? {};
}

/** The port that the config gives it; undefined for none. */
export function configuredPort({ app }: Workload, { spec }: Template): number | undefined {
  const container = spec?.containers.find(({ name }) => app === undefined || name === app);
  return container?.ports?.[0]?.containerPort;
}
