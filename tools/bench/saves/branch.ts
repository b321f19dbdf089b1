import fs from "node:fs";
import path from "node:path";

import { untilTrue } from "../../waiting";

/** How many files change at once. */
export const branchSize = 5000;

const perFolder = 100;
const limitSeconds = 120;

/** A file of a branch, relative to the project: modules and templates in turns. */
export function branchFile(index: number): string {
  const folder = `part_${String(Math.floor(index / perFolder)).padStart(2, "0")}`;
  const name = String(index % perFolder).padStart(2, "0");
  return path.posix.join("branch", folder, index % 2 === 0 ? `module_${name}.py` : `page_${name}.html`);
}

/** What a file is in a version of the branch: some 2 KB. */
export const branchText = (index: number, version: string): string =>
  `# ${version} ${index}\n`.padEnd(2000, `# line of ${index}\n`);

/** Writes all files as they are in a version. */
export function switchBranch(project: string, version: string, size = branchSize): void {
  for (let index = 0; index < size; index++) {
    const file = path.join(project, branchFile(index));
    if (index % perFolder === 0) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
    }
    fs.writeFileSync(file, branchText(index, version));
  }
}

/**
 * Waits until a pod has every file of a version.
 *
 * @param root of the pod's files, such as /proc/PID/root of its first process
 */
export async function untilSwitched(root: string, version: string): Promise<void> {
  const project = path.join(root, "app");
  let index = 0;
  const hasAll = (): boolean => {
    index = firstOther(project, version, index);
    return index === branchSize;
  };
  const late = (): Error => new Error(`${project} has ${index} of ${branchSize} files after ${limitSeconds} s`);
  await untilTrue(hasAll, { seconds: limitSeconds, pauseMilliseconds: 50, late });
}

/** The first file from an index on that is not as in a version; the size where all are. */
export function firstOther(project: string, version: string, from = 0, size = branchSize): number {
  let index = from;
  while (index < size && hasFile(project, index, version)) {
    index++;
  }
  return index;
}

function hasFile(project: string, index: number, version: string): boolean {
  try {
    return fs.readFileSync(path.join(project, branchFile(index)), "utf8") === branchText(index, version);
  } catch {
    // It is being replaced.
    return false;
  }
}
