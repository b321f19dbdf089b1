import fs from "node:fs/promises";
import path from "node:path";

import { changedSysctls, readSysctls, writeSysctls } from "./host";
import { type ClusterPlan, readPlan } from "./plan";

/** The kernel's settings as they were before the first of the clusters that run now was started. */
export async function settingsBefore(folder: string): Promise<Record<string, string>> {
  // What another cluster sets may come at any moment: kube-proxy does so a while after it was started.
  const [other] = await plansBeside(folder);
  return other?.sysctls ?? (await readSysctls(changedSysctls));
}

/** Puts the settings back, unless another cluster still needs them: the last one to stop does it. */
export async function restoreSettings(folder: string, { sysctls }: ClusterPlan): Promise<void> {
  if ((await plansBeside(folder)).length === 0) {
    await writeSysctls(sysctls);
  }
}

/** Plans of the clusters whose folders are beside this one's. */
async function plansBeside(folder: string): Promise<ClusterPlan[]> {
  const parent = path.dirname(folder);
  const entries = await fs.readdir(parent, { withFileTypes: true });
  const others = entries.filter((each) => each.isDirectory() && each.name !== path.basename(folder));
  const plans = await Promise.all(others.map(async ({ name }) => await readPlan(path.join(parent, name))));
  return plans.filter((plan) => plan !== undefined);
}
