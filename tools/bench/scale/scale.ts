import path from "node:path";

import { Problem } from "../../../components/problem";
import { kubernetes, pulumi } from "../../sandbox/install/catalogue";
import { kwok } from "../../sandbox/install/benchCatalogue";
import { toolEnvironment } from "../../sandbox/cluster/host";
import { installTool, type InstalledTool } from "../../sandbox/install/install";
import { installPlugin } from "../../sandbox/install/plugins";
import { currentLoad, type Machine, machineWith } from "../machine";
import { type Measuring, measureSize, measureVariants } from "./measure";
import { defaultSizes, parseTask, type ScaleOptions } from "./options";
import { save, toMarkdown } from "./report";
import type { ScaleResult } from "./result";

/** Measures how one stack grows with the number of its apps, on a cluster of nodes that are not there. */
export async function scale(options: ScaleOptions): Promise<void> {
  const task = parseTask(options);
  if (process.platform !== "linux") {
    throw new Problem(`The scale bench needs Linux, and this is ${process.platform}`, "run it on a Linux machine");
  }
  const { tools, environment } = await prepare();
  const clusterFolders = [tools.kubernetes.folder, tools.kwok.folder];
  const isWhole = defaultSizes.every((size) => task.sizes.includes(size));
  const result: ScaleResult = {
    date: new Date().toISOString().slice(0, 10),
    limitMinutes: task.limitMinutes,
    machine: describe(tools),
    sizes: [],
    variants: [],
  };
  // Saved after each: a size that fails must not take the hours before it with it.
  const keep = (): string[] => {
    result.machine.loadAfter = currentLoad();
    return save(result, isWhole);
  };
  await interruptible(async (signal) => {
    const measuring: Measuring = { ...task, environment, clusterFolders, signal };
    for (const size of task.sizes) {
      result.sizes.push(await measureSize(size, measuring));
      keep();
    }
    const failed = result.sizes.flatMap(({ apps, failure }) => (failure === undefined ? [] : [apps]));
    for (const size of task.variantSizes.filter((each) => !failed.includes(each))) {
      result.variants.push(...(await measureVariants(size, measuring)));
      keep();
    }
  });
  const files = keep();
  console.log(toMarkdown(result));
  console.error(`Saved in ${files.map((file) => path.relative(process.cwd(), file)).join(", ")}`);
  if (result.sizes.some(({ failure }) => failure !== undefined)) {
    throw new Problem("Not every size could be measured", "the lines under the table say why");
  }
}

type ToolName = "pulumi" | "kubernetes" | "kwok";

async function prepare(): Promise<{ tools: Record<ToolName, InstalledTool>; environment: NodeJS.ProcessEnv }> {
  const tools = {
    pulumi: await installTool(pulumi),
    kubernetes: await installTool(kubernetes),
    kwok: await installTool(kwok),
  };
  const plugin = await installPlugin("kubernetes", tools.pulumi);
  if (plugin !== "installed") {
    throw new Problem(plugin.unavailable);
  }
  // Nothing of a user's login or passphrase may decide where the state of a measurement goes.
  const own = Object.entries(toolEnvironment([tools.pulumi.folder])).filter(
    ([name]) => name === "PULUMI_HOME" || !name.startsWith("PULUMI_"),
  );
  return { tools, environment: Object.fromEntries(own) };
}

function describe(tools: Record<ToolName, InstalledTool>): Machine {
  const versions = Object.entries(tools).map(([name, { version }]) => [name, version]);
  return machineWith(Object.fromEntries(versions) as Record<string, string>);
}

/** Lets Ctrl-C end the command that runs, so that the cluster is taken away as it is after any other failure. */
async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const interrupt = (): void => {
    controller.abort(new Problem("Interrupted; what was measured before is saved"));
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
