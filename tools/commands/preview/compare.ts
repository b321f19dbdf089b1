import { createHmac, randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { type Preparation, whichCluster } from "../../stack/session";
import { configured } from "../../stack/stackConfig";
import type { TargetName } from "../../../components/config/settings";
import { targets } from "../../../components/targets/target";
import { step } from "../../terminal/progress";
import { checkOutBase } from "./baseCheckout";
import { planOf } from "../../pulumi/changes/changes";
import { errorsOf, generatedNames, parseReport, rename } from "../../pulumi/changes/previewJson";
import type { CapturedCommand } from "../../terminal/captured";
import type { Cleanup } from "../../terminal/cleanup";
import { counts, renderFailure, renderSummary } from "./summary";
import { type StackFiles, type ThrowawayConfig, throwawayConfig } from "./throwawayConfig";
import { type ClusterAccess, deploy, destroy, makeStack, preview, removeImages, writeConfig } from "./throwawayStack";

/** What is compared, and where. */
export interface Comparison {
  stack: string;
  target: TargetName;
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
export async function compare(cleanup: Cleanup, comparison: Comparison): Promise<Answer> {
  const { stack: name, commit, preparation } = comparison;
  const base = commit.slice(0, 12);
  const id = randomBytes(4).toString("hex");
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubernetes-django-preview-"));
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
    cleanup.atEnd(`namespace ${config.namespaces.join(", ")}`, async () => {
      await step("Destroying the throwaway stack", async () => {
        await destroy(operation, config.namespaces, access(comparison));
        await removeImages(config.imageRepositories, folder, stack.environment);
      });
    });
    const up = await step(`Deploying ${base} to a throwaway stack`, async (progress) => {
      return await deploy(cleanup, operation, (line) => {
        progress.detail(line);
      });
    });
    if (up.exitCode !== 0) {
      return failed("The base cannot be deployed", diagnosticsOf(up.output));
    }
  }
  const head = { stack, folder: process.cwd(), configFile: writeConfig(stack, "head", config.head) };
  const printed = await step("Previewing the working tree", async () => await preview(cleanup, head));
  return answerOf(printed, config, { stack: name, base }, failed);
}

/** Waits for both before the first one's failure counts: what is undone must not be under way any more. */
async function allDone<One, Other>([one, other]: [Promise<One>, Promise<Other>]): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/** The way to the cluster that a stack's config leads to. */
function access({ stack, target }: Comparison): ClusterAccess {
  const row = targets[target];
  const context = configured(stack, "kubeContext") ?? row.kubeContext(whichCluster(stack));
  return { context, kubeconfig: row.kubeconfig };
}

function answerOf(
  { exitCode, stdout, output }: CapturedCommand,
  config: ThrowawayConfig,
  names: { stack: string; base: string },
  failed: (what: string, errors: string[]) => Answer,
): Answer {
  if (exitCode !== 0) {
    const errors = stdout.startsWith("{") ? errorsOf(parseReport(stdout)) : [];
    return failed("The working tree cannot be previewed", errors.length > 0 ? errors : [output.trim()]);
  }
  const generated = generatedNames(parseReport(stdout));
  const plan = planOf(parseReport(stdout, new Map([...config.shownAs, ...generated])));
  return {
    summary: renderSummary({ ...names, plan, config: config.changes, notes: config.notes }),
    line: counts(plan),
    hasChanges: plan.changes.length > 0 || config.hidesChanges,
    failed: false,
  };
}

/** What an update printed of errors: all after the heading, which tells more than the last line. */
function diagnosticsOf(output: string): string[] {
  const [, diagnostics] = output.split(/^Diagnostics:$/m);
  return [
    (diagnostics ?? output.trim().split("\n").slice(-20).join("\n")).split(/^(?:Outputs|Resources):/m)[0] ?? "",
  ].map((text) => text.replace(/^\n+|\s+$/g, ""));
}

function readStackFiles(folder: string, stack: string): StackFiles {
  const read = (name: string): unknown => {
    const file = path.join(folder, name);
    return fs.existsSync(file) ? parse(fs.readFileSync(file, "utf8")) : undefined;
  };
  const project = read("Pulumi.yaml") as StackFiles["project"] | undefined;
  return {
    project: project ?? (parse(fs.readFileSync("Pulumi.yaml", "utf8")) as StackFiles["project"]),
    stack: project === undefined ? undefined : (read(`Pulumi.${stack}.yaml`) ?? undefined),
  };
}
