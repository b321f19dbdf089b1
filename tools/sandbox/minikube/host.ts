import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { removeCgroups } from "../cluster/cgroups";
import { endLeftovers, runningPid, stopDaemon } from "../cluster/daemons";
import { docker } from "../cluster/dockerCli";
import { startEngine } from "../cluster/engine";
import { run, tryRun, writeSysctls } from "../cluster/host";
import { restoreSettings, settingsBefore } from "../cluster/kernelSettings";
import { type ClusterKind, clusterFolder } from "../cluster/kinds";
import { unmountBelow } from "../cluster/mounts";
import { type ClusterPlan, forgetPlan, freeNetwork, makePlan, readPlan, writePlan } from "../cluster/plan";

/** The Docker Engine that holds minikube's node: one of its own, so that no daemon of a user is touched. */
export const minikubeHost: ClusterKind = {
  name: "minikube",
  context: "minikube",
  bridge: "kdj-minikube",
  podNetworks: ["172.27", "172.26", "172.25", "10.224", "10.225"],
};

/** The Docker network of the node, as minikube itself would name it, on a bridge whose name can be told when it ends. */
const nodeBridge = "kdj-mk-node";
const nodeNetworks = ["192.168.58", "192.168.67", "192.168.76", "192.168.85"];

export interface HostPlan extends ClusterPlan {
  /** First three octets of the node's /24: the engine is .1, the node .2. */
  nodeNetwork: string;
}

/** Every packet between the engine's networks and others passes, and leaves under this machine's own address. */
export function rules({ podNetwork, nodeNetwork }: HostPlan): string[][] {
  const comment = ["-m", "comment", "--comment", "kubernetes-django-minikube"];
  return [`${podNetwork}.0.0/16`, `${nodeNetwork}.0/24`].flatMap((subnet) => [
    ["nat", "POSTROUTING", "-s", subnet, "!", "-d", subnet, ...comment, "-j", "MASQUERADE"],
    ["filter", "FORWARD", "-s", subnet, ...comment, "-j", "ACCEPT"],
    ["filter", "FORWARD", "-d", subnet, ...comment, "-j", "ACCEPT"],
  ]);
}

const iptables = (action: "-I" | "-D", [table = "", ...rule]: string[]): string[] => [
  ...["iptables", "-w", "-t", table, action],
  ...rule,
];

async function readHostPlan(): Promise<HostPlan | undefined> {
  return (await readPlan(clusterFolder(minikubeHost))) as HostPlan | undefined;
}

/** Whether the engine runs. */
export function isHostRunning(): boolean {
  return runningPid(clusterFolder(minikubeHost), "dockerd") !== undefined;
}

/** Starts the engine if it does not run; what a crash left of it is cleared away first. */
export async function startHost(environment: NodeJS.ProcessEnv): Promise<void> {
  if (isHostRunning()) {
    return;
  }
  await stopHost(environment);
  const folder = clusterFolder(minikubeHost);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  // The node's kube-proxy sets rules in the node alone, so that those of another node here are no obstacle.
  const plan: HostPlan = { ...(await makePlan(minikubeHost, "")), nodeNetwork: freeNodeNetwork() };
  plan.sysctls = await settingsBefore(folder);
  await writePlan(folder, plan);
  try {
    await run(environment, ["ip", "link", "add", minikubeHost.bridge, "type", "bridge"]);
    await run(environment, ["ip", "address", "add", `${plan.podNetwork}.0.1/16`, "dev", minikubeHost.bridge]);
    await run(environment, ["ip", "link", "set", minikubeHost.bridge, "up"]);
    for (const rule of rules(plan)) {
      await run(environment, iptables("-I", rule));
    }
    await writeSysctls({ "net/ipv4/ip_forward": "1" });
    await startEngine(minikubeHost, plan, environment);
  } catch (error) {
    await stopHost(environment);
    throw error;
  }
}

function freeNodeNetwork(): string {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => (list ?? []).map((each) => each.address));
  return freeNetwork(nodeNetworks, addresses);
}

/** Makes the network that minikube would make, in the range that is free here; one that is there stays. */
export async function makeNodeNetwork(environment: NodeJS.ProcessEnv): Promise<void> {
  const plan = await readHostPlan();
  const ask = ["network", "ls", "--quiet", "--filter", "name=^minikube$"];
  if (plan === undefined || (await docker(minikubeHost, environment, ask)) !== "") {
    return;
  }
  const labels = ["created_by.minikube.sigs.k8s.io=true", "name.minikube.sigs.k8s.io=minikube"];
  await docker(minikubeHost, environment, [
    ...["network", "create", "--driver", "bridge", "--opt", `com.docker.network.bridge.name=${nodeBridge}`],
    ...["--subnet", `${plan.nodeNetwork}.0/24`, "--gateway", `${plan.nodeNetwork}.1`],
    ...labels.flatMap((label) => ["--label", label]),
    "minikube",
  ]);
}

/** Stops the engine and takes every trace of it off the machine but its folder: the images stay for next time. */
export async function stopHost(environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = clusterFolder(minikubeHost);
  const plan = await readHostPlan();
  if (plan === undefined) {
    return;
  }
  if (isHostRunning()) {
    const containers = await docker(minikubeHost, environment, ["ps", "--quiet"], { reject: false });
    if (containers !== "") {
      await docker(minikubeHost, environment, ["stop", ...containers.split("\n")], { reject: false });
    }
    await stopDaemon(folder, "dockerd", 30);
  }
  await endLeftovers(folder);
  await removeCgroups(minikubeHost.bridge);
  await removeEmptyGroups("/sys/fs/cgroup/unified/kubepods");
  await unmountBelow(folder, environment);
  for (const rule of rules(plan)) {
    await tryRun(environment, iptables("-D", rule));
  }
  for (const link of [minikubeHost.bridge, nodeBridge]) {
    await tryRun(environment, ["ip", "link", "delete", link]);
  }
  await restoreSettings(folder, plan);
  await forgetPlan(folder);
}

/**
 * Removes control groups in which no process is. Where the kernel has both versions, a container sees the second one's
 * whole tree, and the node's kubelet makes its groups at the top of it; those of a kubelet that runs have processes.
 */
async function removeEmptyGroups(group: string): Promise<void> {
  const entries = await fs.readdir(group, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory())) {
    await removeEmptyGroups(path.join(group, entry.name));
  }
  await fs.rmdir(group).catch(() => undefined);
}
