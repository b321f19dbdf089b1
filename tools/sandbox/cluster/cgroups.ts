import fs from "node:fs/promises";
import path from "node:path";

import { until } from "../../waiting";
import { readMounts } from "./mounts";

const kernelRoot = "/sys/fs/cgroup";

const exists = async (file: string): Promise<boolean> =>
  await fs.access(file).then(
    () => true,
    () => false,
  );

/** The roots of the control groups: version 2 has one tree, version 1 a tree for each controller. */
async function trees(root: string): Promise<{ unified: boolean; folders: string[] }> {
  if (await exists(path.join(root, "cgroup.controllers"))) {
    return { unified: true, folders: [root] };
  }
  const mounts = await readMounts();
  return { unified: false, folders: mounts.filter((each) => each.startsWith(`${root}/`)) };
}

/** Makes the control group under which the kubelet puts the pods; without it the kubelet refuses to start. */
export async function makeCgroups(name: string, root = kernelRoot): Promise<void> {
  const { unified, folders } = await trees(root);
  for (const folder of folders) {
    const group = path.join(folder, name);
    await fs.mkdir(group, { recursive: true }).catch(() => undefined);
    if (unified) {
      const controllers = (await fs.readFile(path.join(folder, "cgroup.controllers"), "utf8")).trim().split(" ");
      const enable = controllers.map((each) => `+${each}`).join(" ");
      await fs.writeFile(path.join(folder, "cgroup.subtree_control"), enable);
      await fs.writeFile(path.join(group, "cgroup.subtree_control"), enable);
    }
    // A new cpuset of version 1 is empty, and a process cannot join an empty one.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      if (!unified && (await exists(path.join(group, file)))) {
        await fs.writeFile(path.join(group, file), await fs.readFile(path.join(folder, file), "utf8"));
      }
    }
  }
}

/** Kills every process in the control group, such as containers whose daemon is gone, and removes the group. */
export async function removeCgroups(name: string): Promise<void> {
  for (const folder of (await trees(kernelRoot)).folders) {
    const group = path.join(folder, name);
    if (await exists(group)) {
      await removeGroup(group);
    }
  }
}

/**
 * Ends the steps of builds whose Docker daemon was killed: they keep addresses that the next daemon gives to pods.
 *
 * @param name of the group under which the daemon puts everything
 */
export async function endBuilds(name: string): Promise<void> {
  await removeCgroups(path.join(name, "buildkit"));
}

async function removeGroup(group: string): Promise<void> {
  for (const entry of await fs.readdir(group, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      await removeGroup(path.join(group, entry.name));
    }
  }
  const remove = async (): Promise<void> => {
    await endProcesses(group);
    await fs.rmdir(group);
  };
  // A group that cannot be removed has no effect on the next cluster.
  await until(remove, { seconds: 2.5, pauseMilliseconds: 50 }).catch(() => undefined);
}

async function endProcesses(group: string): Promise<void> {
  const pids = (await fs.readFile(path.join(group, "cgroup.procs"), "utf8")).split("\n").filter((pid) => pid !== "");
  for (const pid of pids) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended in the meantime.
    }
  }
}
