import { existsSync, readFileSync } from "node:fs";
import { copyFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

import execa from "execa";

import { dockerPluginVersion } from "../../../components/image/dockerPluginVersion";
import { makeFolder, toolFolder } from "./folders";
import { goBuild, goEnvironment, toolchainFolder } from "./golang";
import { whyUnreachable } from "./hosts";
import { goCommand } from "./obtain";
import { step, type Progress } from "../../terminal/progress";
import { runShowing } from "./run";
import type { InstalledTool } from "./tool";
import { firstThatWorks } from "./ways";

export const pluginNames = ["kubernetes", "docker", "docker-build"] as const;

export type PluginName = (typeof pluginNames)[number];

/** `unavailable` says why, and what helps. */
export type PluginState = "installed" | { readonly unavailable: string };

/** How one version of a plugin is compiled. */
interface Recipe {
  readonly version: string;
  /** Folder under tools/sandbox/toolchain. */
  readonly module: string;
  readonly package: string;
  /** The Go variable that carries the version. */
  readonly versionVariable: string;
  /** Writes the generated files that the published module lacks into a copy of the recipe's module; @default none */
  readonly generate?: (go: string, module: string, version: string) => Promise<void>;
}

/** The plugins that can be compiled from published modules. */
export const recipes: Partial<Record<PluginName, Recipe>> = {
  kubernetes: {
    version: "4.25.0",
    module: "kubernetes-provider",
    package: "./cmd/pulumi-resource-kubernetes",
    versionVariable: "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version",
    generate: embedSchema,
  },
  "docker-build": {
    version: "0.0.22",
    module: "docker-build-provider",
    package: "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
    versionVariable: "github.com/pulumi/pulumi-docker-build/provider.Version",
  },
};

/** Where `pulumi plugin install` gets a plugin that it does not find on GitHub. */
const pluginHost = "get.pulumi.com";

/** The version of a plugin: its SDK's in node_modules, or for docker's, which has none there, the program's. */
export function pluginVersion(name: PluginName): string {
  if (name === "docker") {
    return dockerPluginVersion;
  }
  const file = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Whether Pulumi's plugin cache has a complete plugin. */
export function isPluginInstalled(name: PluginName, version: string): boolean {
  const home = process.env.PULUMI_HOME ?? path.join(homedir(), ".pulumi");
  const folder = path.join(home, "plugins", `resource-${name}-v${version}`);
  return existsSync(path.join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}

/** Whether a plugin is installed, or can be installed from its vendor or be built. */
export async function canHavePlugin(name: PluginName): Promise<boolean> {
  return (
    isPluginInstalled(name, pluginVersion(name)) ||
    recipes[name] !== undefined ||
    (await whyUnreachable(`https://${pluginHost}`)) === undefined
  );
}

/** Installs the plugin of an SDK in node_modules into Pulumi's plugin cache, unless it is there. */
export async function installPlugin(name: PluginName, cli: InstalledTool): Promise<PluginState> {
  const version = pluginVersion(name);
  if (isPluginInstalled(name, version)) return "installed";
  const pulumi = path.join(cli.folder, "pulumi");
  const work = async (progress: Progress): Promise<void> => {
    const ways = { "from the vendor": fetchPlugin, "built from Go modules": buildPlugin };
    const attempts = Object.entries(ways).map(([origin, way]) => ({
      name: origin,
      run: async () => {
        await way(pulumi, name, version, progress);
        progress.detail(origin);
      },
    }));
    const byHand = `run \`pulumi plugin install resource ${name} ${version}\` where ${pluginHost} can be reached`;
    await firstThatWorks(`Pulumi's ${name} plugin ${version}`, attempts, byHand);
  };
  // A plugin that certainly cannot be installed is not shown as a failed step.
  const isHopeless = recipes[name] === undefined && (await whyUnreachable(`https://${pluginHost}`)) !== undefined;
  try {
    await (isHopeless ? work({ detail: () => undefined }) : step(`Pulumi's ${name} plugin ${version}`, work));
    return "installed";
  } catch (error) {
    return { unavailable: (error as Error).message };
  }
}

/**
 * By Pulumi itself, as plain `pulumi up` does: no sum of these plugins is pinned, since none was found published in a
 * repository when this was written. Where one is known, it is given with `--checksum`.
 */
async function fetchPlugin(pulumi: string, name: PluginName, version: string, progress: Progress): Promise<void> {
  const reason = await whyUnreachable(`https://${pluginHost}`);
  if (reason !== undefined) throw new Error(reason);
  await runShowing(pulumi, ["plugin", "install", "resource", name, version], progress);
}

async function buildPlugin(pulumi: string, name: PluginName, version: string, progress: Progress): Promise<void> {
  const recipe = recipes[name];
  if (!recipe) throw new Error("it is not published as a Go module");
  if (recipe.version !== version) throw new Error(`the recipe in tools/sandbox/toolchain is for ${recipe.version}`);
  // Kept with the other tools: a Pulumi home that is new takes it from there.
  const folder = toolFolder(`plugin-${name}`, version);
  const output = `pulumi-resource-${name}`;
  if (!existsSync(folder)) {
    const go = await goCommand();
    await makeFolder(folder, async (partial) => {
      const module = path.join(partial, "module");
      await cp(path.join(toolchainFolder, recipe.module), module, { recursive: true });
      progress.detail("downloading Go modules");
      await recipe.generate?.(go, module, version);
      const build = { ...recipe, output, variables: { [recipe.versionVariable]: version } };
      await goBuild(go, build, module, partial, progress);
      await rm(module, { recursive: true });
    });
  }
  const install = ["plugin", "install", "resource", name, version, "--file", path.join(folder, output)];
  await runShowing(pulumi, install, progress);
}

async function embedSchema(go: string, module: string, version: string): Promise<void> {
  const command = ["mod", "download", "-json", "github.com/pulumi/pulumi-kubernetes/provider/v4"];
  const { stdout } = await execa(go, command, { cwd: module, env: goEnvironment });
  const published = (JSON.parse(stdout) as { Dir: string }).Dir;
  const main = "cmd/pulumi-resource-kubernetes";
  const schema = JSON.parse(await readFile(path.join(published, main, "schema.json"), "utf8")) as object;
  await writeFile(path.join(module, main, "schema-embed.json"), JSON.stringify({ ...schema, version }));
  const mapping = "terraform-mapping";
  await copyFile(path.join(published, main, `${mapping}.json`), path.join(module, main, `${mapping}-embed.json`));
}
