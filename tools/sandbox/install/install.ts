import { existsSync } from "node:fs";
import path from "node:path";

import { criDockerd, engine, iproute2, iptables, kubernetes, pause, pulumi, volumeProvisioner } from "./catalogue";
import { cliPluginFolders } from "./engineCatalogue";
import { installAll } from "./obtain";
import { installPlugin, pluginNames, type PluginName, type PluginState } from "./plugins";
import { findExecutable } from "./run";
import type { InstalledTool } from "./tool";

export { installTool } from "./obtain";
export type { PluginName, PluginState } from "./plugins";
export type { InstalledTool, Tool } from "./tool";

/** The Pulumi CLI and what its engine can work with on this machine. */
export interface InstalledPulumi {
  readonly cli: InstalledTool;
  readonly plugins: Record<PluginName, PluginState>;
}

/**
 * Finds or installs the Pulumi CLI and the resource plugins of the SDKs in node_modules.
 *
 * @throws one sentence when the CLI cannot be had in any way; a plugin that cannot be had is reported instead
 */
export async function installPulumi(): Promise<InstalledPulumi> {
  const [cli] = await installAll([pulumi]);
  const states: [PluginName, PluginState][] = [];
  for (const name of pluginNames) states.push([name, await installPlugin(name, cli)]);
  return { cli, plugins: Object.fromEntries(states) as Record<PluginName, PluginState> };
}

/** Everything that a cluster is started from. */
export interface ClusterTools {
  readonly engine: InstalledTool & {
    /** Folder of docker-buildx. */
    readonly cliPlugins: string;
    /** Path of the executable that makes base images of Debian's packages; it comes with Debian's engine. */
    readonly mmdebstrap?: string;
  };
  readonly kubernetes: InstalledTool;
  readonly criDockerd: InstalledTool;
  /** Path of the static executable that holds a pod's namespaces. */
  readonly pause: string;
  /** Folders to put before PATH: of all these, of iptables and of ip, but for those that PATH has already. */
  readonly folders: string[];
}

/**
 * Finds or installs what the sandbox's cluster consists of.
 *
 * @throws one sentence when one of the tools cannot be had in any way
 */
export async function installClusterTools(): Promise<ClusterTools> {
  const tools = await installAll([engine, iptables, iproute2, kubernetes, criDockerd, pause, volumeProvisioner]);
  const [dockerEngine, , , kubernetesParts, adapter, pauseProcess] = tools;
  const mmdebstrap = [path.join(dockerEngine.folder, "mmdebstrap")].find(existsSync) ?? findExecutable("mmdebstrap");
  const pluginFolders = [path.join(dockerEngine.folder, "..", "cli-plugins"), ...cliPluginFolders];
  const cliPlugins = pluginFolders.find((folder) => existsSync(path.join(folder, "docker-buildx"))) ?? "";
  return {
    engine: { ...dockerEngine, cliPlugins, ...(mmdebstrap === undefined ? {} : { mmdebstrap }) },
    kubernetes: kubernetesParts,
    criDockerd: adapter,
    pause: path.join(pauseProcess.folder, "pause"),
    folders: foldersBesidePath(tools),
  };
}

function foldersBesidePath(tools: readonly InstalledTool[]): string[] {
  const onPath = (process.env.PATH ?? "").split(path.delimiter);
  const missing = tools.filter((tool) => tool.source !== "path" || !onPath.includes(tool.folder));
  return [...new Set(missing.map((tool) => tool.folder))];
}
