import type { V1Pod } from "@kubernetes/client-node";

import { read } from "../../../components/kubernetes/client";
import type { List } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { type AppChoice, refuseNotInConfig } from "../../app/onApp";
import { ownPlace, runUp } from "../../app/ownPlace";
import { podPlace } from "../../app/podPlace";
import { runningPod } from "../../app/runningPod";
import { processNamed } from "../../app/workloads";
import { withKubectl } from "../../kubernetes/kubectl";
import { isReady, type Place, type Pod as LivePod } from "../../rollout/kubernetes";
import type { Cleanup } from "../../terminal/cleanup";
import { Pod } from "../manage/pod";
import { openClient } from "./client";
import type { DatabaseKind } from "./scripts";

/** A stack's database, and the pod in which its tools run. */
export interface Database {
  stack: string;
  kind: DatabaseKind;
  pod: Pod;
}

/**
 * Finds a stack's database.
 *
 * @param does what is done with it, such as "db:backup"
 * @throws a `Problem` where there is none that is kept, or no pod that reaches it
 */
export async function openDatabase(choice: AppChoice, does: string, cleanup: Cleanup): Promise<Database> {
  const { stack, config, app } = choice;
  const isPostgres = config.text("database") === "postgres";
  if (!isPostgres && !config.has("databaseStorage")) {
    refuseNotInConfig(choice, app);
    throw new Problem(
      `Stack ${stack} keeps no data: \`database\` is sqlite, whose file is deleted with its pod`,
      `run \`pulumi config set databaseStorage 1Gi --stack ${stack}\`, or \`pulumi config set database postgres --stack ${stack}\`, and \`npm run up -- ${stack}\``,
    );
  }
  const needed = `${does} needs ${isPostgres ? "the database" : "a pod"} of stack ${stack}, and`;
  const place = await ownPlace(choice, needed);
  if (!isPostgres) {
    const web = await processNamed(place, "web", stack);
    const name = await runningPod(place, web, { stack, needed, otherwise: "any that runs" });
    return { stack, kind: "sqlite", pod: new Pod(name, podPlace(choice, place, web), withKubectl()) };
  }
  const pod = config.has("databaseUrl")
    ? await openClient(choice, place, cleanup)
    : new Pod(await serverPod(place, needed, stack), podPlace(choice, place, { app: "postgres" }), withKubectl());
  return { stack, kind: "postgres", pod };
}

async function serverPod({ context, namespace }: Place, needed: string, stack: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await read<List<V1Pod>>(context, path, { labelSelector: "app=django-database" });
  const pod = (items as LivePod[]).find((each) => each.metadata.deletionTimestamp === undefined && isReady(each));
  if (pod === undefined) {
    throw new Problem(`${needed} its server is not ready`, `${runUp(stack)}, which says why`);
  }
  return pod.metadata.name;
}
