import path from "node:path";

import type { V1Deployment } from "@kubernetes/client-node";

import type { KubeContext } from "../../../components/targets/kubeconfig";
import { askDaemon, refuseOtherMinikube } from "../../../components/targets/daemon";
import { dockerEnvironment, type Location } from "../../../components/targets/location";
import type { Host } from "../../../components/targets/host";
import type { DaemonFacts } from "../../../components/targets/endpoints";
import { targets } from "../../../components/targets/target";
import { refuseUnsupportedHost } from "../../sandbox/cluster/cluster";
import {
  criDockerd,
  engine,
  iproute2,
  iptables,
  kubernetes,
  pause,
  pulumi,
  socat,
} from "../../sandbox/install/catalogue";
import { machine } from "../../sandbox/install/obtain";
import { canHavePlugin, isPluginInstalled, type PluginName, pluginVersion } from "../../sandbox/install/plugins";
import type { InstalledTool, Tool } from "../../sandbox/install/tool";
import { ownStateFolder } from "../../pulumi/ownState";
import { contextOf, whichCluster } from "../../stack/kubeContext";
import { Daemon } from "../../docker/daemon";
import { findUnused } from "../prune/prune";
import { read } from "../../../components/kubernetes/client";
import type { List } from "../../../components/kubernetes/types";
import { holderOf, readLocks } from "../../pulumi/repair/locks";
import { refuseOtherPassphrase } from "../../stack/passphrase";
import type { Choice } from "../../stack/session";
import { builderChoice, builderHere } from "../../stack/builder";
import { project } from "../../stack/stackConfig";
import type { BackendCall } from "../../pulumi/stacks";
import { imagesOnDaemon, readStates, type StackState } from "../../pulumi/state";
import { backendInWords } from "../../../components/safeguards/backendName";
import { namespacesOf, namespacesWithApp } from "./decisions";
import {
  type Attempt,
  builderFinding,
  contextFinding,
  daemonFinding,
  type Finding,
  imageFinding,
  lockFindings,
  namespaceFindings,
  pendingFinding,
  pluginFinding,
  problemFinding,
  secretFinding,
  stateFinding,
  toolFinding,
  unusedImagesFinding,
} from "./findings";
import { lookAtStray } from "./strays";

/** A stack whose dependencies are checked: no check starts, installs or changes anything. */
export interface CheckedStack extends Choice {
  host: Host;
}

const sandboxTools = [engine, kubernetes, criDockerd, iptables, iproute2, socat, pause];

export interface CheckedTools {
  findings: Finding[];
  /** PATH with the folders of the installed tools. */
  path: string;
  hasPulumi: boolean;
}

/** Checks that the tools and plugins are installed that deploy a stack. */
export async function checkTools({ stack, target, host }: CheckedStack): Promise<CheckedTools> {
  const wanted: Tool[] = [pulumi, ...(target === "sandbox" ? sandboxTools : [])];
  const found = await Promise.all(wanted.map(find));
  const folders = found.flatMap((tool) => tool?.folder ?? []);
  return {
    findings: [
      { status: "ok", subject: "Node.js", detail: `${process.versions.node} in ${path.dirname(process.execPath)}` },
      ...wanted.map((tool, index) => toolFinding(tool, found[index], stack)),
      checkPlugin("kubernetes", stack),
    ],
    path: [...new Set(folders), host.environment["PATH"]].join(path.delimiter),
    hasPulumi: found[0] !== undefined,
  };
}

const find = async (tool: Tool): Promise<InstalledTool | undefined> =>
  machine.cached(tool) ?? (await machine.onPath(tool));

function checkPlugin(name: PluginName, stack: string): Finding {
  const version = pluginVersion(name);
  return pluginFinding(name, version, isPluginInstalled(name, version), stack);
}

export interface CheckedCluster {
  findings: Finding[];
  /** Undefined when the Docker daemon does not answer. */
  location: Location | undefined;
  /** Undefined when the cluster does not answer. */
  context: KubeContext | undefined;
}

/** Checks that the Docker daemon and the cluster of a stack answer. */
export async function checkCluster(checked: CheckedStack): Promise<CheckedCluster> {
  const { config, target, host } = checked;
  const row = targets[target];
  const which = whichCluster(config);
  const findings: Finding[] = [];
  const allowed = await attempt(() => {
    refuseOtherMinikube(target, row.minikubeProfile?.(which), host.environment);
    if (target === "sandbox") {
      refuseUnsupportedHost(host.platform, process.getuid?.());
    }
  });
  if ("error" in allowed) {
    findings.push(problemFinding("this shell", allowed.error));
  }
  const found = await attempt(async () => {
    const location = await row.locate(which, host);
    return { location, facts: await askDaemon(target, location, host) };
  });
  const location = "error" in found ? undefined : found.value.location;
  if ("error" in found) {
    findings.push(problemFinding("Docker daemon", found.error));
  } else {
    findings.push(...(await checkBuilder(checked, found.value)));
  }
  const context = await attempt(() => contextOf(config, target, host));
  if ("error" in context) {
    return { findings: [...findings, problemFinding("kube context", context.error)], location, context: undefined };
  }
  const answer = await attempt(() => host.endpoints.cluster(context.value));
  findings.push(contextFinding(context.value.name, context.value.server, answer, row.startHint(which)));
  return { findings, location, context: "error" in answer ? undefined : context.value };
}

/** The daemon that was found, and the builder that `npm run up` takes for it. */
async function checkBuilder(
  { stack, config, target }: CheckedStack,
  { location, facts }: { location: Location; facts: DaemonFacts },
): Promise<Finding[]> {
  const findings = [daemonFinding(location.daemon.host, facts, location.namedBy)];
  const choice = builderChoice(config);
  const daemon = { ...location.daemon, ...facts };
  const hasDockerPlugin = await canHavePlugin("docker");
  const here = await attempt(() =>
    choice === undefined ? undefined : builderHere({ choice, pulls: targets[target].pulls, daemon, hasDockerPlugin }),
  );
  if ("error" in here) {
    findings.push(problemFinding("builder", here.error));
  } else if (here.value?.builder !== undefined) {
    findings.push(builderFinding(here.value.builder, here.value.note), checkPlugin(here.value.builder, stack));
  }
  return findings;
}

async function attempt<T>(ask: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error: error as Error };
  }
}

/** Checks that what the stack's file has encrypted can be decrypted. */
export async function checkPassphrase(
  { stack, config }: CheckedStack,
  environment: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  if (!config.isEncrypted) {
    return [];
  }
  const answer = await attempt(async () => {
    await refuseOtherPassphrase(stack, config, environment);
  });
  return [
    "error" in answer
      ? problemFinding("passphrase", answer.error)
      : { status: "ok", subject: "passphrase", detail: "decrypts the stack's file" },
  ];
}

export interface StateSource extends BackendCall {
  /** Folder of `npm run`'s own state and config. */
  ownFolder: string;
}

/** Checks a stack's lock and state. */
export async function checkState(
  { stack, config }: CheckedStack,
  source: StateSource,
): Promise<{ findings: Finding[]; states: Map<string, StackState> | undefined }> {
  const folder = ownStateFolder({ environment: source.environment, folder: source.ownFolder });
  const locks = folder === undefined ? [] : readLocks(folder, project, stack);
  const held = await Promise.all(locks.map(async (lock) => ({ lock, holder: await holderOf(lock) })));
  const secretKeys = config.apps.flatMap((app) => secretFinding({ stack, app }, config.ofApp(app).text("secretKey")));
  const findings = [...secretKeys, ...lockFindings(held, stack)];
  const answer = await attempt(() => readStates(source));
  if ("error" in answer) {
    return { findings: [...findings, problemFinding("state", answer.error)], states: undefined };
  }
  const state = answer.value.get(stack);
  findings.unshift(stateFinding(state?.deployment.resources ?? [], stack));
  findings.push(pendingFinding(state?.deployment.pending_operations ?? [], stack));
  return { findings, states: answer.value };
}

/** Checks that the deployed images are there, and searches for images and namespaces that no stack uses. */
export async function checkLeftovers(
  { stack, host }: CheckedStack,
  states: Map<string, StackState>,
  { location, context }: CheckedCluster,
  environment: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const daemon = location === undefined ? undefined : new Daemon(dockerEnvironment(environment, location));
  const deployed = imagesOnDaemon(states.get(stack)?.deployment ?? {});
  if (daemon !== undefined && deployed.length > 0) {
    const there = new Set((await daemon.images()).map(({ reference }) => reference));
    findings.push(...deployed.map((each) => imageFinding(each, there.has(each.image), stack)));
  }
  if (daemon !== undefined && context !== undefined) {
    findings.push(unusedImagesFinding((await findUnused(states, context, daemon)).unused, stack));
  }
  if (context !== undefined) {
    const apps = await read<List<V1Deployment>>(context, "/apis/apps/v1/deployments", { labelSelector: "app=django" });
    const known = namespacesOf(states);
    const unknown = namespacesWithApp(apps.items).filter((name) => !known.has(name));
    const here = { project, backend: backendInWords(environment) };
    const strays = await Promise.all(unknown.map((name) => lookAtStray(context, name, here, host.endpoints)));
    findings.push(
      ...namespaceFindings(
        strays.filter((stray) => stray !== undefined),
        context.name,
      ),
    );
  }
  return findings;
}
