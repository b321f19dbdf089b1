import path from "node:path";
import { fileURLToPath } from "node:url";

import type { PulumiCli } from "../stack/stack";
import { project } from "../stack/stackConfig";

/** The folder of the state when it is the checkout's own, which only users of this machine work with. */
export function ownStateFolder({ environment, folder }: Pick<PulumiCli, "environment" | "folder">): string | undefined {
  const url = environment["PULUMI_BACKEND_URL"] ?? "";
  if (!url.startsWith("file:///")) {
    return undefined;
  }
  return path.relative(fileURLToPath(url), folder) === "" ? path.join(folder, ".pulumi") : undefined;
}

/**
 * The file with a stack's state.
 *
 * @param stateFolder folder `.pulumi` of a backend in a folder
 */
export function stateFile(stateFolder: string, stack: string, projectName = project): string {
  return path.join(stateFolder, "stacks", projectName, `${stack}.json`);
}
