import { existsSync } from "node:fs";
import path from "node:path";

import {
  criDockerd,
  engine,
  iproute2,
  iptables,
  kubernetes,
  pause,
  pulumi,
  socat,
  volumeProvisioner,
} from "./catalogue";
import { cliPluginFolders } from "./engineCatalogue";
import { installAll } from "./obtain";
import { installPlugin, pluginNames, type PluginName, type PluginState } from "./plugins";
import { findExecutable } from "./run";
import type { InstalledTool } from "./tool";

export { installTool } from "./obtain";
export { pluginNames } from "./plugins";
export type { PluginName, PluginState } from "./plugins";
export type { InstalledTool, Tool } from "./tool";

/** The Pulumi CLI and what its engine can work with on this machine. */
export interface InstalledPulumi {
  readonly cli: InstalledTool;
  readonly plugins: Record<PluginName, PluginState>;
}

/**
 * Finds or installs the Pulumi CLI and resource plugins.
 *
 * @param names plugins that may be used; the others count as unavailable. @default all
 * @throws a `Problem` when the CLI cannot be installed; for a plugin, the result says why
 */
export async function installPulumi(names: readonly PluginName[] = pluginNames): Promise<InstalledPulumi> {
  const [cli] = await installAll([pulumi]);
  const states: [PluginName, PluginState][] = [];
  for (const name of pluginNames) {
    states.push([
      name,
      names.includes(name) ? await installPlugin(name, cli) : { unavailable: "it was not asked for" },
    ]);
  }
  return { cli, plugins: Object.fromEntries(states) as Record<PluginName, PluginState> };
}

/** The tools that a cluster is started with. */
export interface ClusterTools {
  readonly engine: InstalledTool & {
    /** Folder of docker-buildx. */
    readonly cliPlugins: string;
    /** Path of the executable that builds images from Debian's packages; @default this system has none */
    readonly mmdebstrap?: string;
  };
  readonly kubernetes: InstalledTool;
  readonly criDockerd: InstalledTool;
  /** Path of the static executable that holds a pod's namespaces. */
  readonly pause: string;
  /** Folders to put before PATH: those of all tools, iptables, ip and socat included, that PATH lacks. */
  readonly folders: string[];
}

/**
 * Finds or installs the tools of the sandbox's cluster.
 *
 * @throws a `Problem` when one of them cannot be installed
 */
export async function installClusterTools(): Promise<ClusterTools> {
  const tools = await installAll([engine, iptables, iproute2, kubernetes, criDockerd, pause, volumeProvisioner, socat]);
  const [dockerEngine, , , kubernetesParts, adapter, pauseProcess] = tools;
  const mmdebstrap = [path.join(dockerEngine.folder, "mmdebstrap")].find(existsSync) ?? findExecutable("mmdebstrap");
  const pluginFolders = [path.join(dockerEngine.folder, "..", "cli-plugins"), ...cliPluginFolders];
  const cliPlugins = pluginFolders.find((folder) => existsSync(path.join(folder, "docker-buildx"))) ?? "";
  return {
    engine: { ...dockerEngine, cliPlugins, ...(mmdebstrap === undefined ? {} : { mmdebstrap }) },
    kubernetes: kubernetesParts,
    criDockerd: adapter,
    pause: path.join(pauseProcess.folder, "pause"),
    folders: foldersMissingOnPath(tools),
  };
}

/** The folders that have to be put before PATH so that it leads to the tools, each once. */
export function foldersMissingOnPath(tools: readonly Pick<InstalledTool, "folder" | "source">[]): string[] {
  const onPath = (process.env.PATH ?? "").split(path.delimiter);
  const missing = tools.filter((tool) => tool.source !== "path" || !onPath.includes(tool.folder));
  return [...new Set(missing.map((tool) => tool.folder))];
}
