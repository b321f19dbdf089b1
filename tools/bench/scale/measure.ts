import { type Progress, step } from "../../terminal/progress";
import { withFakeCluster } from "./fakeCluster";
import type { Task } from "./options";
import { renderFresh } from "./rendered";
import type { SizeResult, StepName, VariantName, VariantResult } from "./result";
import { ScaleStack, type Step, type Variant } from "./scaleStack";

/** Ways to run a first `up` of which one may hope that they make it faster. */
export const variants: Record<VariantName, Variant> = {
  "--parallel 64": { flags: ["--parallel", "64"] },
  // The state is then written once, at the end: an update that is killed leaves no trace of what it made.
  PULUMI_SKIP_CHECKPOINTS: { environment: { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } },
};

/** What everything is measured with. */
export interface Measuring extends Task {
  /** PATH with the tools. */
  environment: NodeJS.ProcessEnv;
  /** Where the executables of the cluster are. */
  clusterFolders: string[];
  signal: AbortSignal;
}

/** Measures one number of apps from an empty cluster to an empty one. */
export async function measureSize(apps: number, measuring: Measuring): Promise<SizeResult> {
  return await step(countOf(apps), async (progress) => {
    progress.detail("program under mocks");
    const program = await renderFresh(apps, measuring.limitMinutes * 60);
    const cluster = await onNewStack(apps, measuring, async (stack) => await goThrough(stack, progress));
    progress.detail(`${program.resources} resources`);
    return { apps, program, ...cluster };
  });
}

async function goThrough(stack: ScaleStack, progress: Progress): Promise<Omit<SizeResult, "apps" | "program">> {
  const steps: SizeResult["steps"] = {};
  const take = async (name: StepName, work: () => Promise<Step>): Promise<void> => {
    progress.detail(name);
    steps[name] = await work();
  };
  try {
    await take("previewNew", async () => await stack.preview());
    await take("previewNewJson", async () => await stack.preview("--json"));
    await take("up", async () => await stack.up());
    const state = stack.state();
    // What was cut off halfway is no base for the others.
    if (steps.up?.finished !== true) {
      return { steps, state };
    }
    await take("noop", async () => await stack.noop());
    stack.configure({ image: 1, firstImage: 2 });
    await take("upOne", async () => await stack.up());
    stack.configure({ image: 3, firstImage: 3 });
    await take("previewAll", async () => await stack.preview());
    await take("previewAllJson", async () => await stack.preview("--json"));
    await take("destroy", async () => await stack.destroy());
    return { steps, state };
  } catch (error) {
    if (stack.signal.aborted) {
      throw error;
    }
    // What was measured before it counts all the same: with many apps it took long.
    return { steps, failure: (error as Error).message };
  }
}

/** Measures a first `up` in each of the other ways. */
export async function measureVariants(apps: number, measuring: Measuring): Promise<VariantResult[]> {
  const results: VariantResult[] = [];
  for (const name of Object.keys(variants) as VariantName[]) {
    const up = await step(`${countOf(apps)}, ${name}`, async () => {
      return await onNewStack(apps, measuring, async (stack) => await stack.up(variants[name]));
    });
    results.push({ apps, name, up });
  }
  return results;
}

async function onNewStack<T>(
  apps: number,
  { environment, clusterFolders, limitMinutes, signal }: Measuring,
  work: (stack: ScaleStack) => Promise<T>,
): Promise<T> {
  // What the size before made, and what goes on being deleted of it, would be measured too.
  return await withFakeCluster(clusterFolders, async () => {
    const stack = await ScaleStack.create(apps, environment, limitMinutes * 60, signal);
    try {
      return await work(stack);
    } finally {
      stack.dispose();
    }
  });
}

const countOf = (apps: number): string => (apps === 1 ? "1 app" : `${apps} apps`);
