import path from "node:path";

import type { Builder } from "../../../components/config/image";
import { step } from "../../terminal/progress";
import type { Tools } from "../../test/integration/helpers/workspace";
import { currentLoad, describeMachine, type Machine } from "../machine";
import { type BenchCluster } from "../minikube";
import { npmRun, Ours } from "../ours";
import type { SavesName } from "../scenarioNames";
import { Skaffold } from "../skaffold";
import { measureWatching } from "./measureSaves";
import { savesProjects } from "./projects";
import type { SavesResult, SideFigures } from "./result";
import { SkaffoldSync } from "./skaffoldSync";
import { Watching } from "./watching";

/** Where and how often saves are measured. */
export interface SavesPlan {
  tools: Tools;
  builder: Builder;
  cluster: BenchCluster;
  /** How often each file is saved. */
  saves: number;
}

/** Measures commands that watch, in one project after the other: each command has the machine for itself. */
export async function compareSaves(
  names: readonly SavesName[],
  plan: SavesPlan,
): Promise<{ machine: Machine; saves: SavesResult }> {
  const saves: SavesResult = {};
  let machine: Machine | undefined;
  for (const name of names) {
    const { title, config, change, isCompared } = savesProjects[name];
    const call = { ...npmRun, namespace: `bench-${name}` };
    const ours = await Ours.create(call, plan.tools, plan.builder, plan.cluster, config);
    const sides = [new Watching(ours, ours.watch)];
    try {
      machine ??= await describeMachine(ours.commands);
      change(path.join(ours.commands.folder, "app"));
      await step(`Preparing ${title}`, async () => {
        await ours.first();
        if (isCompared && machine !== undefined && "skaffold" in machine.versions) {
          const { folder: source, environment } = ours.commands;
          const start = { source, environment, urlHost: plan.cluster.urlHost, live: await ours.liveObjects() };
          const skaffold = new SkaffoldSync(start);
          sides.push(new Watching(skaffold, Skaffold.dev));
          await skaffold.first();
        }
        for (const { side } of sides) {
          await side.destroyed();
        }
      });
      saves[name] = await step(`Saving files of ${title}`, async (progress) => {
        const figures: SideFigures[] = [];
        for (const watching of sides) {
          await ours.commands.untilNothingEnds();
          figures.push(await measureWatching(watching, name, { saves: plan.saves, progress }));
          await watching.side.destroyed();
        }
        return figures;
      });
    } finally {
      await step("Removing everything", async () => {
        for (const each of [...sides].reverse()) {
          await each.stop();
          await each.side.dispose();
        }
      });
    }
  }
  if (machine === undefined) {
    throw new Error("No project was named");
  }
  machine.loadAfter = currentLoad();
  return { machine, saves };
}
