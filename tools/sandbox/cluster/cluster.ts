import fs from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { type ClusterTools, installClusterTools } from "../install/install";
import { step } from "../../terminal/progress";
import { untilTrue } from "../../waiting";
import { writeWhole } from "../../wholeFile";
import { apiDelete, apiGet } from "./api";
import { endBuilds, removeCgroups } from "./cgroups";
import { restartDaemon, runningPid, stopDaemon, waitFor } from "./daemons";
import { doesDaemonAnswer, removeContainers } from "./dockerCli";
import { moveEarlierData } from "./earlierData";
import { toolEnvironment } from "./host";
import { restoreSettings } from "./kernelSettings";
import { clusterData, clusterFolder, type ClusterKind, kinds } from "./kinds";
import { withLock } from "./lock";
import { unmountBelow } from "./mounts";
import { tearDownNetwork } from "./network";
import { type ClusterPlan, forgetPlan, readPlan } from "./plan";
import { endLeftovers } from "./processes";
import { isAlive, ownerOf, removeAbandonedData } from "./temporaryData";
import { trustVariables, writeTrust } from "./trust";
import { otherProcesses, registerUse, stackNamespaces, whyUsed } from "./users";
import { volumesDaemon } from "./volumes";

// Only a start needs the module, and the libraries that make certificates take long to load.
const load = createRequire(__filename);
const nodeDaemons = ["kube-proxy", "kubelet", "cri-dockerd"];
const controlPlaneDaemons = [volumesDaemon, "kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"];

/** Seconds after which an API server that does not answer is taken for broken. */
const busySeconds = 20;

/** The daemons of a kind in the order in which they stop: a daemon stops before those that it uses. */
export function daemonsOf({ joins }: ClusterKind): string[] {
  return [...nodeDaemons, ...(joins ? [] : controlPlaneDaemons), "dockerd"];
}

/**
 * Refuses a machine on which the sandbox cannot run: a node takes Linux and root.
 *
 * @param userId undefined where the platform has no user ids
 * @throws a `Problem` with the clusters that can be used instead
 */
export function refuseUnsupportedHost(platform: NodeJS.Platform, userId: number | undefined): void {
  if (platform !== "linux") {
    throw new Problem(
      `The sandbox needs Linux, and this is ${platform}`,
      "start Docker Desktop's Kubernetes and run `npm run up -- dev`, or minikube and `npm run up -- minikube`",
    );
  }
  if (userId !== 0) {
    throw new Problem(
      `The sandbox needs root, and this is user ${userId ?? "unknown"}`,
      "run `sudo npm run up -- sandbox`, or use a cluster of yours with `npm run up -- dev` or `npm run up -- minikube`",
    );
  }
}

/** Whether every process of the cluster runs with this user's data, and its API answers. */
export async function isRunning(kind: ClusterKind): Promise<boolean> {
  const plan = await runningPlan(kind);
  return plan !== undefined && (await apiGet(kind, plan, "/readyz")) !== undefined;
}

/** The plan of a cluster whose processes all run with this user's data; undefined for any other. */
async function runningPlan(kind: ClusterKind): Promise<ClusterPlan | undefined> {
  const folder = clusterFolder(kind);
  const plan = await readPlan(folder);
  const runs = daemonsOf(kind).every((name) => runningPid(folder, name) !== undefined);
  return runs && plan?.data === clusterData(kind) ? plan : undefined;
}

/** Waits for an API server that is busy: to start the cluster again would stop everything that runs in it. */
async function answersLater(kind: ClusterKind): Promise<boolean> {
  if ((await runningPlan(kind)) === undefined) {
    return false;
  }
  return await step(`Waiting for the API server of the ${kind.name} sandbox`, async () => {
    const answers = untilTrue(async () => await isRunning(kind), { seconds: busySeconds });
    return await answers.then(
      () => true,
      () => false,
    );
  });
}

/** As `startCluster`, and no other command stops the cluster while this process runs. */
export async function useCluster(kind: ClusterKind): Promise<{ started: boolean }> {
  refuseUnsupportedHost(process.platform, process.getuid?.());
  // First, or another command could stop it in between.
  registerUse(kind);
  return await startCluster(kind);
}

/**
 * Starts the cluster, unless it runs, after clearing away what an interrupted start or a crash left.
 *
 * @throws a `Problem` when it runs with other data, which somebody uses
 */
export async function startCluster(kind: ClusterKind): Promise<{ started: boolean }> {
  refuseUnsupportedHost(process.platform, process.getuid?.());
  return await withLock(kind.name, async () => {
    const runs = (await isRunning(kind)) || (await answersLater(kind));
    if (!runs) {
      await start(kind);
    }
    return { started: !runs };
  });
}

async function start(kind: ClusterKind): Promise<void> {
  const tools = await installClusterTools();
  const folder = clusterFolder(kind);
  await makePrivate(folder);
  await writeTrust(kind);
  const environment = await clusterEnvironment(kind, tools);
  const plan = await readPlan(folder);
  if (plan !== undefined) {
    await refuseOtherData(kind, plan);
    await stop(kind, plan);
  }
  await prepareData(kind, environment);
  try {
    const { bringUp } = load("./bringUp") as typeof import("./bringUp");
    await bringUp(kind, environment, tools);
  } catch (error) {
    const begun = await readPlan(folder);
    if (begun !== undefined) {
      await stop(kind, begun);
    }
    throw error;
  }
}

/** Makes a folder that only its owner enters, also where it was there with wider rights. */
async function makePrivate(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await fs.chmod(folder, 0o700);
}

/** Makes the folder of data, with what an earlier release kept elsewhere. */
async function prepareData(kind: ClusterKind, environment: NodeJS.ProcessEnv): Promise<void> {
  const plans = await Promise.all(kinds.map(async (each) => await readPlan(clusterFolder(each))));
  await removeAbandonedData(plans.flatMap((plan) => plan?.data ?? []));
  const data = clusterData(kind);
  await makePrivate(data);
  if ((await ownerOf(data)) === undefined) {
    await moveEarlierData(kind, environment);
  }
}

/** Refuses a cluster that runs with other data, unless these are of a process that was killed. */
async function refuseOtherData(kind: ClusterKind, { data }: ClusterPlan): Promise<void> {
  const runs = daemonsOf(kind).some((name) => runningPid(clusterFolder(kind), name) !== undefined);
  if (data === undefined || !runs || !(await isOthers(kind, data))) {
    return;
  }
  const owner = await ownerOf(data);
  throw new Problem(
    `The ${kind.name} sandbox runs with the data in ${data}, and not with those in ${clusterData(kind)}`,
    owner === undefined
      ? `set XDG_DATA_HOME to ${path.resolve(data, "../../..")} to use it, or to stop it with \`npm run down\``
      : `wait until process ${owner.pid} has ended, which made those data for its own time`,
  );
}

/** Whether data are neither this user's nor those of a process that was killed. */
async function isOthers(kind: ClusterKind, data: string | undefined): Promise<boolean> {
  if (data === undefined || data === clusterData(kind)) {
    return false;
  }
  const owner = await ownerOf(data);
  return owner === undefined || isAlive(owner);
}

/** The environment of the cluster's own processes and of builds: PATH, Docker client settings, trusted authorities. */
export async function clusterEnvironment(kind: ClusterKind, tools: ClusterTools): Promise<NodeJS.ProcessEnv> {
  const dockerConfig = path.join(clusterFolder(kind), "docker-config");
  await fs.mkdir(dockerConfig, { recursive: true });
  writeWhole(
    path.join(dockerConfig, "config.json"),
    JSON.stringify({ cliPluginsExtraDirs: [tools.engine.cliPlugins] }),
  );
  return {
    ...toolEnvironment(tools.folders),
    ...(await trustVariables(kind)),
    DOCKER_CONFIG: dockerConfig,
  };
}

/**
 * Stops the cluster and the nodes that joined it, and removes every trace of them from the machine. Only the folders
 * stay, with images and objects for the next start. A cluster that runs with somebody else's data is left alone.
 */
export async function stopCluster(kind: ClusterKind): Promise<{ stopped: boolean }> {
  const stopped = await whileOurs(kind, async (plan) => {
    await stop(kind, plan);
  });
  return { stopped };
}

/** As `stopCluster`, unless another stack or another process uses the cluster: then it says which one. */
export async function stopUnlessUsed(kind: ClusterKind): Promise<void> {
  await whileOurs(kind, async (plan) => {
    const reason = whyUsed(await stackNamespaces(kind, plan), otherProcesses(kind));
    if (reason === undefined) {
      await stop(kind, plan);
    } else {
      console.error(`The ${kind.name} sandbox goes on running: ${reason}`);
    }
  });
}

/** Works with the plan of a cluster that was started with this user's data; returns whether there is one. */
async function whileOurs(kind: ClusterKind, work: (plan: ClusterPlan) => Promise<void>): Promise<boolean> {
  const ours = async (): Promise<ClusterPlan | undefined> => {
    const plan = await readPlan(clusterFolder(kind));
    return plan !== undefined && (await isOthers(kind, plan.data)) ? undefined : plan;
  };
  // The lock takes root, and to find out that there is nothing to stop does not.
  if ((await ours()) === undefined) {
    return false;
  }
  return await withLock(kind.name, async () => {
    const plan = await ours();
    if (plan !== undefined) {
      await work(plan);
    }
    return plan !== undefined;
  });
}

async function stop(kind: ClusterKind, plan: ClusterPlan): Promise<void> {
  const folder = clusterFolder(kind);
  for (const node of kinds.filter(({ joins }) => joins?.name === kind.name)) {
    // Without this cluster's network, the requests of its nodes to its API server would leave this machine.
    await stopCluster(node);
  }
  const environment = await clusterEnvironment(kind, await installClusterTools());
  await step(`Stopping the ${kind.name} sandbox`, async () => {
    await stopDaemon(folder, "kube-proxy");
    await stopDaemon(folder, "kubelet");
    if (kind.joins) {
      // Otherwise Kubernetes would wait for the node, and for its pods, to come back.
      await apiDelete(kind, plan, `/api/v1/nodes/${kind.context}`);
    }
    if (runningPid(folder, "dockerd") !== undefined) {
      await removeContainers(kind, environment);
    }
    for (const name of daemonsOf(kind)) {
      await stopDaemon(folder, name);
    }
    await endLeftovers([folder, plan.data ?? clusterData(kind)]);
    await removeCgroups(kind.bridge);
    await unmountBelow(folder, environment);
    await tearDownNetwork(kind, plan, environment);
    await withLock("settings", async () => {
      await restoreSettings(folder, plan);
      await forgetPlan(folder);
    });
  });
}

/** Stops a daemon of a running cluster until `meanwhile` resolves; resolves when the whole cluster runs again. */
export async function withoutDaemon(
  kind: ClusterKind,
  name: string,
  meanwhile: () => Promise<void> = async () => {},
): Promise<void> {
  const folder = clusterFolder(kind);
  const environment = await clusterEnvironment(kind, await installClusterTools());
  await restartDaemon(folder, name, environment, async () => {
    try {
      await meanwhile();
    } finally {
      if (name === "dockerd") {
        await endBuilds(kind.bridge);
      }
    }
  });
  await waitFor(folder, name, async () => (await isRunning(kind)) && (await doesDaemonAnswer(kind, environment)));
}
