import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { removeCgroups } from "../cluster/cgroups";
import { runningPid, stopDaemon } from "../cluster/daemons";
import { docker } from "../cluster/dockerCli";
import { startEngine } from "../cluster/engine";
import { addRules, forwardingRules, refusalRules, removeRules, type Rule } from "../cluster/firewall";
import { tryRun, writeSysctls } from "../cluster/host";
import { restoreSettings, settingsBefore } from "../cluster/kernelSettings";
import { type ClusterKind, clusterFolder } from "../cluster/kinds";
import { unmountBelow } from "../cluster/mounts";
import { addBridge } from "../cluster/network";
import { type ClusterPlan, forgetPlan, freeNetwork, makePlan, readPlan, writePlan } from "../cluster/plan";
import { endLeftovers } from "../cluster/processes";

/** The Docker Engine in which minikube's node runs; it has its own, so that a user's daemon stays untouched. */
export const minikubeHost: ClusterKind = {
  name: "minikube",
  context: "minikube",
  bridge: "kdj-minikube",
  podNetworks: ["172.27", "172.26", "172.25", "10.224", "10.225"],
};

/** Bridge of the node's Docker network. minikube would leave its name to Docker; a known name can be removed. */
const nodeBridge = "kdj-mk-node";
const nodeNetworks = ["192.168.58", "192.168.67", "192.168.76", "192.168.85"];

export interface HostPlan extends ClusterPlan {
  /** First three octets of the node's /24: the engine is .1, the node .2. */
  nodeNetwork: string;
}

/** Rules for the engine's own network and the node's. */
export function rules({ podNetwork, nodeNetwork }: HostPlan): Rule[] {
  const mark = "kubernetes-django-minikube";
  const networks = { [`${podNetwork}.0.0/16`]: `${podNetwork}.0.1`, [`${nodeNetwork}.0/24`]: `${nodeNetwork}.1` };
  return Object.entries(networks).flatMap(([subnet, address]) => {
    const network = { subnet, within: ["-d", subnet], from: ["-s", subnet], to: ["-d", subnet] };
    return [...forwardingRules(network, mark), ...refusalRules(network, address, mark)];
  });
}

async function readHostPlan(): Promise<HostPlan | undefined> {
  return (await readPlan(clusterFolder(minikubeHost))) as HostPlan | undefined;
}

/** Whether the engine runs. */
export function isHostRunning(): boolean {
  return runningPid(clusterFolder(minikubeHost), "dockerd") !== undefined;
}

/** Starts the engine, unless it runs, after clearing away what a crash left of it. */
export async function startHost(environment: NodeJS.ProcessEnv): Promise<void> {
  if (isHostRunning()) {
    return;
  }
  await stopHost(environment);
  const folder = clusterFolder(minikubeHost);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  // No rules are passed: the node's kube-proxy sets its rules in the node, where another node's are no obstacle.
  const plan: HostPlan = { ...(await makePlan(minikubeHost, "")), nodeNetwork: freeNodeNetwork() };
  plan.sysctls = await settingsBefore(folder);
  writePlan(folder, plan);
  try {
    await addBridge(minikubeHost.bridge, `${plan.podNetwork}.0.1/16`, environment);
    await addRules(rules(plan), environment);
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

/** Makes the Docker network that minikube would make, in a range that is free here, unless there is one. */
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

/** Stops the engine and removes every trace of it from the machine, except its folder with the images. */
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
  await endLeftovers([folder]);
  await removeCgroups(minikubeHost.bridge);
  await removeEmptyGroups("/sys/fs/cgroup/unified/kubepods");
  await unmountBelow(folder, environment);
  await removeRules(rules(plan), environment);
  for (const link of [minikubeHost.bridge, nodeBridge]) {
    await tryRun(environment, ["ip", "link", "delete", link]);
  }
  await restoreSettings(folder, plan);
  await forgetPlan(folder);
}

/**
 * Removes control groups without processes. Where the kernel has both versions, a container sees the whole tree of
 * version 2, and the node's kubelet makes its groups at the top. The groups of a running kubelet have processes and stay.
 */
async function removeEmptyGroups(group: string): Promise<void> {
  const entries = await fs.readdir(group, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory())) {
    await removeEmptyGroups(path.join(group, entry.name));
  }
  await fs.rmdir(group).catch(() => undefined);
}
