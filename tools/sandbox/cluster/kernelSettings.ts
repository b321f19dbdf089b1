import { changedSysctls, readSysctls, writeSysctls } from "./host";
import { type ClusterPlan, plansBeside } from "./plan";

/** The kernel's settings before the first of the running clusters started. */
export async function settingsBefore(folder: string): Promise<Record<string, string>> {
  // Beside another cluster the current values are its own, or will be soon: kube-proxy sets some after its start.
  const [other] = await plansBeside(folder);
  return other?.sysctls ?? (await readSysctls(changedSysctls));
}

/** Restores the kernel's settings, unless another cluster runs and needs the changed ones. */
export async function restoreSettings(folder: string, { sysctls }: ClusterPlan): Promise<void> {
  if ((await plansBeside(folder)).length === 0) {
    await writeSysctls(sysctls);
  }
}
