import { createHmac, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { provideBuildImages } from "../../stack/buildImages";
import { contextName } from "../../stack/kubeContext";
import type { Choice, Preparation } from "../../stack/session";
import { readStackFiles } from "../../stack/stackFiles";
import { targets } from "../../../components/targets/target";
import { step } from "../../terminal/progress";
import { makeScratch } from "../../scratch";
import { checkOutBase, shortened } from "./baseCheckout";
import { errorsIn } from "../../pulumi/errorText";
import type { Cleanup } from "../../terminal/cleanup";
import { failedResult, type PreviewResult, resultOf } from "./previewResult";
import { throwawayConfig } from "./throwawayConfig";
import { type ClusterAccess, deploy, destroy, makeStack, preview, removeImages, writeConfig } from "./throwawayStack";

/** What is compared, and where. */
export interface Comparison extends Choice {
  /** Hash of the base. */
  commit: string;
  preparation: Preparation;
}

/** Deploys the base to a throwaway stack and previews the working tree against it. The clean-up removes everything. */
export async function compare(cleanup: Cleanup, comparison: Comparison): Promise<PreviewResult> {
  const { stack: name, commit, preparation } = comparison;
  const base = shortened(commit);
  const id = randomBytes(4).toString("hex");
  const folder = fs.realpathSync(makeScratch("preview").folder);
  cleanup.atEnd(`the folder ${folder}`, () => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const [baseFolder, stack] = await allDone([
    checkOutBase(cleanup, commit, path.join(folder, "base")),
    makeStack(cleanup, name, folder, preparation.environment),
  ]);
  const hmacKey = randomBytes(32);
  const config = throwawayConfig(readStackFiles(baseFolder, name), readStackFiles(".", name), {
    id,
    overrides: preparation.overrides,
    placeholder: (encrypted) => createHmac("sha256", hmacKey).update(encrypted).digest("base64url"),
    encrypt: stack.encrypt,
    baseFolder: path.relative(process.cwd(), baseFolder),
  });
  if (config.base !== undefined) {
    const operation = { stack, folder: baseFolder, configFile: writeConfig(stack, "base", config.base) };
    cleanup.atEnd(`namespace ${config.namespaces.join(", ")}`, async () => {
      await step("Destroying the throwaway stack", async () => {
        await destroy(operation, config.namespaces, access(comparison));
        await removeImages(config.imageRepositories, folder, stack.environment);
      });
    });
    await provideBuildImages(operation.configFile, baseFolder);
    const up = await step(`Deploying ${base} to a throwaway stack`, async (progress) => {
      return await deploy(cleanup, operation, (line) => {
        progress.detail(line);
      });
    });
    if (up.exitCode !== 0) {
      return failedResult({ stack: name, base }, "The base cannot be deployed", errorsIn(up), config.shownAs);
    }
  }
  const head = { stack, folder: process.cwd(), configFile: writeConfig(stack, "head", config.head) };
  const printed = await step("Previewing the working tree", async () => await preview(cleanup, head));
  return resultOf(printed, config, { stack: name, base });
}

/** Waits for both before a failure of the first counts: the clean-up must not start while either still works. */
async function allDone<One, Other>([one, other]: [Promise<One>, Promise<Other>]): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/** How the cluster of a stack is reached. */
function access({ config, target }: Comparison): ClusterAccess {
  return { context: contextName(config, target), kubeconfig: targets[target].kubeconfig };
}
