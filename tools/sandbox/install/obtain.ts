import { existsSync } from "node:fs";
import path from "node:path";

import satisfies from "semver/functions/satisfies";

import { go } from "./catalogue";
import { makeFolder, toolFolder } from "./folders";
import { step, type Progress, type Screen } from "../../terminal/progress";
import { findExecutable, printedVersion } from "./run";
import type { InstalledTool, Tool, Way } from "./tool";
import { firstThatWorks, follow, origins } from "./ways";

/** The side effects of installing tools. */
export interface Edges {
  /** The tool that an earlier run installed. */
  cached(tool: Tool): InstalledTool | undefined;
  /** The tool on the machine's PATH, if its version is accepted. */
  onPath(tool: Tool): Promise<InstalledTool | undefined>;
  /** Installs the tool in one of its ways. */
  make(tool: Tool, way: Way, progress: Progress): Promise<InstalledTool>;
  /** Where steps are shown; @default standard output */
  readonly screen?: Screen;
}

/**
 * Finds a tool, or installs it into the cache.
 *
 * @throws a `Problem` with every way that was tried, why it failed, and what to install by hand
 */
export async function installTool(tool: Tool): Promise<InstalledTool> {
  const [installed] = await installAll([tool]);
  return installed;
}

/**
 * Finds or installs several tools, in the given order: in the cache, which takes no process; then on PATH; then by the
 * tool's ways. Shows nothing when all tools are found.
 */
export async function installAll<const T extends readonly Tool[]>(
  tools: T,
  edges: Edges = machine,
): Promise<{ [Index in keyof T]: InstalledTool }> {
  const found = await Promise.all(tools.map(async (tool) => edges.cached(tool) ?? (await edges.onPath(tool))));
  const installsAny = found.some((tool) => tool === undefined);
  const installed: InstalledTool[] = [];
  for (const [index, tool] of tools.entries()) {
    const ready = found[index];
    if (ready?.source === "path" && installsAny) await announce(tool, ready, edges);
    installed.push(ready ?? (await make(tool, edges)));
  }
  return installed as { [Index in keyof T]: InstalledTool };
}

async function announce(tool: Tool, ready: InstalledTool, edges: Edges): Promise<void> {
  const line = (progress: Progress): Promise<void> => {
    progress.detail(`${ready.version}, from PATH`);
    return Promise.resolve();
  };
  await step(tool.title, line, edges.screen);
}

async function make(tool: Tool, edges: Edges): Promise<InstalledTool> {
  const work = async (progress: Progress): Promise<InstalledTool> => {
    const attempts = tool.ways.map((way) => ({
      name: origins[way.kind].text,
      run: async () => {
        const installed = await edges.make(tool, way, progress);
        progress.detail(`${installed.version}, ${origins[way.kind].text}`);
        return installed;
      },
    }));
    return await firstThatWorks(`${tool.title} ${tool.version}`, attempts, tool.byHand);
  };
  return await step(tool.title, work, edges.screen);
}

/** The side effects on this machine's PATH and cache. */
export const machine: Edges = {
  cached: (tool) => {
    const version = tool.ways
      .map((way) => versionOf(tool, way))
      .find((candidate) => existsSync(toolFolder(tool.name, candidate)));
    return version === undefined ? undefined : installedAs(tool, version, "cache");
  },

  onPath: async (tool) => {
    if (!tool.onPath) return undefined;
    const [first, ...others] = tool.executables.map(findExecutable);
    if (first === undefined || others.includes(undefined)) return undefined;
    if (tool.onPath.anyFile && !tool.onPath.anyFile.some((file) => existsSync(file))) return undefined;
    const version = await printedVersion(first, tool.versionArguments ?? []);
    if (version === undefined || !satisfies(version, tool.onPath.accepts)) return undefined;
    return { name: tool.name, version, folder: path.dirname(first), source: "path" };
  },

  make: async (tool, way, progress) => {
    const version = versionOf(tool, way);
    await makeFolder(toolFolder(tool.name, version), async (folder) => {
      await follow(way, folder, progress, goCommand);
      await check(tool, folder);
    });
    return installedAs(tool, version, origins[way.kind].source);
  },
};

/** Path of a `go` executable. */
export async function goCommand(): Promise<string> {
  return path.join((await installTool(go)).folder, "go");
}

function versionOf(tool: Tool, way: Way): string {
  return way.kind === "debian" ? (way.version ?? tool.version) : tool.version;
}

function installedAs(tool: Tool, version: string, source: InstalledTool["source"]): InstalledTool {
  return { name: tool.name, version, folder: path.join(toolFolder(tool.name, version), "bin"), source };
}

/** Refuses a tool that is incomplete or does not run: packages may need libraries that this system lacks. */
async function check(tool: Tool, folder: string): Promise<void> {
  const files = tool.executables.map((name) => path.join(folder, "bin", name));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${path.basename(missing)} is not in what was fetched`);
  const [name] = tool.executables;
  if (tool.versionArguments && !(await printedVersion(path.join(folder, "bin", name), tool.versionArguments))) {
    throw new Error(`${name} does not run on this system`);
  }
}
