import { createHmac, randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { contextName } from "../../stack/kubeContext";
import type { Choice, Preparation } from "../../stack/session";
import { readStackFiles } from "../../stack/stackFiles";
import { targets } from "../../../components/targets/target";
import { step } from "../../terminal/progress";
import { checkOutBase } from "./baseCheckout";
import { planOf } from "../../pulumi/changes/changes";
import { errorsIn } from "../../pulumi/errorText";
import { generatedNames, parseReport, rename } from "../../pulumi/changes/previewJson";
import type { Finished, Scope } from "../../terminal/scope";
import { counts, renderFailure, renderSummary } from "./summary";
import { type ThrowawayConfig, throwawayConfig } from "./throwawayConfig";
import { type ClusterAccess, deploy, destroy, makeStack, preview, removeImages, writeConfig } from "./throwawayStack";

/** What is compared, and where. */
export interface Comparison extends Choice {
  /** Hash of the base. */
  commit: string;
  preparation: Preparation;
}

/** What a preview came to. */
export interface Answer {
  summary: string;
  /** The result in a line. */
  line: string;
  hasChanges: boolean;
  failed: boolean;
}

/** Deploys the base to a throwaway stack and previews the working tree against it; all is gone when the scope ends. */
export async function compare(scope: Scope, comparison: Comparison): Promise<Answer> {
  const { stack: name, commit, preparation } = comparison;
  const base = commit.slice(0, 12);
  const id = randomBytes(4).toString("hex");
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubernetes-django-preview-"));
  scope.finally(`the folder ${folder}`, () => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const [baseFolder, stack] = await allDone([
    checkOutBase(scope, commit, path.join(folder, "base")),
    makeStack(scope, name, folder, preparation.environment),
  ]);
  const hmacKey = randomBytes(32);
  const config = throwawayConfig(readStackFiles(baseFolder, name), readStackFiles(".", name), {
    id,
    overrides: preparation.overrides,
    standIn: (encrypted) => createHmac("sha256", hmacKey).update(encrypted).digest("base64url"),
  });
  const failed = (what: string, errors: string[]): Answer => ({
    summary: renderFailure(
      { stack: name, base },
      what,
      errors.map((error) => rename(error, config.shownAs)),
    ),
    line: what,
    hasChanges: true,
    failed: true,
  });
  if (config.base !== undefined) {
    const operation = { stack, folder: baseFolder, configFile: writeConfig(stack, "base", config.base) };
    scope.finally(`namespace ${config.namespaces.join(", ")}`, async () => {
      await step("Destroying the throwaway stack", async () => {
        await destroy(operation, config.namespaces, access(comparison));
        await removeImages(config.imageRepositories, folder, stack.environment);
      });
    });
    const up = await step(`Deploying ${base} to a throwaway stack`, async (progress) => {
      return await deploy(scope, operation, (line) => {
        progress.detail(line);
      });
    });
    if (up.exitCode !== 0) {
      return failed("The base cannot be deployed", errorsIn(up));
    }
  }
  const head = { stack, folder: process.cwd(), configFile: writeConfig(stack, "head", config.head) };
  const printed = await step("Previewing the working tree", async () => await preview(scope, head));
  return answerOf(printed, config, { stack: name, base }, failed);
}

/** Waits for both before the first one's failure counts: what is undone must not be under way any more. */
async function allDone<One, Other>([one, other]: [Promise<One>, Promise<Other>]): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/** The way to the cluster that a stack's config leads to. */
function access({ config, target }: Comparison): ClusterAccess {
  return { context: contextName(config, target), kubeconfig: targets[target].kubeconfig };
}

function answerOf(
  printed: Finished,
  config: ThrowawayConfig,
  names: { stack: string; base: string },
  failed: (what: string, errors: string[]) => Answer,
): Answer {
  if (printed.exitCode !== 0) {
    return failed("The working tree cannot be previewed", errorsIn(printed));
  }
  const { stdout } = printed;
  const generated = generatedNames(parseReport(stdout));
  const plan = planOf(parseReport(stdout, new Map([...config.shownAs, ...generated])));
  return {
    summary: renderSummary({ ...names, plan, config: config.changes, notes: config.notes }),
    line: counts(plan),
    hasChanges: plan.changes.length > 0 || config.hidesChanges,
    failed: false,
  };
}
