// The state in the checkout's own folder, read from its file: asking Pulumi takes half a second.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import type { PulumiCli } from "../stack/stack";
import { project } from "../stack/stackConfig";
import type { Deployment } from "./state";

/** The folder of the state when it is the checkout's own, which nobody but this machine's users works with. */
export function ownStateFolder({ environment, folder }: Pick<PulumiCli, "environment" | "folder">): string | undefined {
  const url = environment["PULUMI_BACKEND_URL"] ?? "";
  if (!url.startsWith("file:///")) {
    return undefined;
  }
  return path.relative(fileURLToPath(url), folder) === "" ? path.join(folder, ".pulumi") : undefined;
}

/** The file with a stack's state. */
export function stateFile(folder: string, stack: string): string {
  return path.join(folder, "stacks", project, `${stack}.json`);
}

/** What a stack has deployed; undefined where its state is not in a file that can be read here. */
export function readState(folder: string | undefined, stack: string): Deployment | undefined {
  // With PULUMI_DIY_BACKEND_GZIP it has another name.
  if (folder === undefined || !fs.existsSync(stateFile(folder, stack))) {
    return undefined;
  }
  const file = JSON.parse(fs.readFileSync(stateFile(folder, stack), "utf8")) as { checkpoint: { latest?: Deployment } };
  return file.checkpoint.latest ?? {};
}
