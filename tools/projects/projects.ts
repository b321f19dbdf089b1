import { Problem } from "../../components/problem";
import { startForTests } from "../sandbox/cluster/forTests";
import { clusterEnvironment } from "../sandbox/cluster/cluster";
import { docker } from "../sandbox/cluster/dockerCli";
import { local } from "../sandbox/cluster/kinds";
import { installClusterTools, installPulumi } from "../sandbox/install/install";
import { type Progress, step } from "../terminal/progress";
import { showError } from "../terminal/showError";
import { alignedTable } from "../terminal/table";
import { Kubectl } from "../test/integration/helpers/kubectl";
import { type Shape, shapes } from "./shapes";
import { type Deployed, Trial } from "./trial";

/** Options as typed on the command line. */
export interface ProjectsOptions {
  cold?: boolean;
}

/** What became of a project; a part is undefined when it failed. */
interface Row {
  shape: Shape;
  initSeconds?: number;
  megabytes?: number;
  on?: Deployed | undefined;
  off?: Deployed | undefined;
}

/**
 * Takes projects of test/projects/ from `npm run init` to a page with debug on and with debug off, and prints a table.
 *
 * @param names of projects. @default all
 */
export async function projects(names: string[], { cold = false }: ProjectsOptions): Promise<void> {
  const chosen = chooseShapes(names);
  await installPulumi();
  const { stop } = await startForTests();
  const rows: Row[] = [];
  try {
    const kubectl = await Kubectl.of(local);
    // The cluster would stop with the stack of each project.
    await kubectl.makeNamespace(keeper);
    for (const shape of chosen) {
      if (cold) {
        await docker(local, await clusterEnvironment(local, await installClusterTools()), [
          "builder",
          "prune",
          "--all",
          "--force",
        ]);
      }
      rows.push(await step(shape.name, async (progress) => await run(shape, progress)));
    }
    await kubectl.deleteNamespace(keeper);
  } finally {
    await stop();
  }
  console.log(alignedTable([header, ...rows.map(cells)]));
  if (rows.some(({ on, off }) => on === undefined || off === undefined)) {
    process.exitCode = 1;
  }
}

/** Namespace that keeps the cluster running. */
const keeper = "projects";

/** The shapes of some names. Throws a `Problem` for a name that is not there. */
export function chooseShapes(names: string[]): Shape[] {
  const unknown = names.find((name) => !shapes.some((shape) => shape.name === name));
  if (unknown !== undefined) {
    const all = shapes.map(({ name }) => name).join(", ");
    throw new Problem(`There is no project "${unknown}" in test/projects/: there are ${all}`);
  }
  return names.length === 0 ? shapes : shapes.filter(({ name }) => names.includes(name));
}

async function run(shape: Shape, progress: Progress): Promise<Row> {
  const row: Row = { shape };
  const trial = await Trial.create(shape);
  try {
    progress.detail("init");
    row.initSeconds = await trial.init();
    progress.detail("up with debug on");
    row.on = await attempt(trial.deploy(true));
    progress.detail("up with debug off");
    row.off = await attempt(trial.deploy(false));
    row.megabytes = await trial.megabytes();
  } catch (error) {
    showError(error);
  } finally {
    progress.detail("down");
    await attempt(trial.end());
  }
  progress.detail(row.on !== undefined && row.off !== undefined ? "served" : "failed");
  return row;
}

/** What a promise resolves to; undefined, with its reason shown, when it is rejected. */
async function attempt<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    showError(error);
    return undefined;
  }
}

const header = ["project", "init s", "up s", "up again s", "image MB", "debug on", "debug off", "static", "added"];

function cells({ shape, initSeconds, megabytes, on, off }: Row): string[] {
  const figure = (value: number | undefined): string => value?.toFixed(1) ?? "-";
  const both = (key: "stylesheet" | "added"): string => `${on?.[key] ?? "-"}, ${off?.[key] ?? "-"}`;
  const served = (deployed: Deployed | undefined): string => (deployed === undefined ? "failed" : "served");
  return [
    shape.name,
    figure(initSeconds),
    figure(on?.seconds),
    figure(off?.seconds),
    figure(megabytes),
    served(on),
    served(off),
    both("stylesheet"),
    both("added"),
  ];
}
