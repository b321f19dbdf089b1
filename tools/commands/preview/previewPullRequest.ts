import { whichCluster } from "../../stack/kubeContext";
import { refusedSettings } from "../../stack/refusedSettings";
import { type Choice, chooseTarget, needsOf, prepareTarget } from "../../stack/session";
import { Problem } from "../../../components/problem";
import { targets } from "../../../components/targets/target";
import { resolveCommit, shortened } from "./baseCheckout";
import { compare } from "./compare";
import { type PreviewResult, problemOf, unpreviewable } from "./previewResult";
import { publish, refuseUnwritable } from "./publish";
import { withCleanup } from "../../terminal/cleanup";

/** Options of `npm run preview:pr`. */
export interface PreviewOptions {
  /** Branch, tag or hash to compare the working tree with. */
  base: string;
  /** @default the first stack whose cluster answers */
  stack?: string;
  /** File for the summary. @default standard output, which has nothing else */
  output?: string;
  /** Whether changes are a failure. */
  expectNoChanges?: boolean;
}

/**
 * Writes what the working tree would change: deploys the base to a throwaway stack, previews the working tree against
 * it, and destroys the stack.
 *
 * @throws a `Problem` when the base or the working tree cannot be deployed, and for unexpected changes
 */
export async function previewPullRequest(options: PreviewOptions): Promise<void> {
  const destinations = { output: options.output, jobSummary: process.env["GITHUB_STEP_SUMMARY"] };
  refuseUnwritable(destinations);
  const commit = await resolveCommit(options.base);
  const { stack, config, target } = await chooseTarget(options.stack);
  if (targets[target].pulls) {
    throw new Problem(
      `\`npm run preview:pr\` would deploy the base beside the real stack, which target "${target}" does not allow`,
      `name a stack of another target with \`--stack dev\`, or run \`pulumi preview --stack ${stack} --diff\` to see what an update would change there`,
    );
  }
  const refused = refusedSettings(config);
  const result =
    refused === undefined
      ? await compareWith(commit, { stack, config, target })
      : unpreviewable({ stack, base: shortened(commit) }, [refused.message]);
  publish(result.summary, destinations);
  console.error(result.line);
  const problem = problemOf(result, options.expectNoChanges ?? false);
  if (problem !== undefined) {
    throw problem;
  }
}

async function compareWith(commit: string, choice: Choice): Promise<PreviewResult> {
  const { config, target } = choice;
  const preparation = await prepareTarget(target, whichCluster(config), needsOf(config));
  return await withCleanup(async (cleanup) => await compare(cleanup, { ...choice, commit, preparation }));
}
