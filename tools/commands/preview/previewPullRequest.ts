import fs from "node:fs";

import { whichCluster } from "../../stack/kubeContext";
import { chooseTarget, imagesBeside, prepareTarget } from "../../stack/session";
import { Problem } from "../../../components/problem";
import { targets } from "../../../components/targets/target";
import { resolveCommit } from "./baseCheckout";
import { compare } from "./compare";
import { inScope } from "../../terminal/scope";

/** Options of `npm run preview:pr`. */
export interface PreviewOptions {
  /** Branch, tag or hash to compare the working tree with. */
  base: string;
  /** @default the first stack whose cluster answers */
  stack?: string;
  /** File for the summary; @default it is printed */
  output?: string;
  /** Whether a change is a failure. */
  expectNoChanges?: boolean;
}

/**
 * Writes down what the working tree would change: deploys the base to a throwaway stack, previews the working tree
 * against it and destroys it again.
 *
 * @throws a `Problem` when base or working tree cannot be deployed, and for a change when none was expected
 */
export async function previewPullRequest(options: PreviewOptions): Promise<void> {
  const commit = await resolveCommit(options.base);
  const { stack, config, target } = await chooseTarget(options.stack);
  if (targets[target].pulls) {
    throw new Problem(
      `\`npm run preview:pr\` deploys the base beside the real stack, and target "${target}" is no place to try things out; name a stack of another target with \`--stack dev\`, or run \`pulumi preview --stack ${stack} --diff\` to see what an update would change there.`,
    );
  }
  const which = whichCluster(config);
  const preparation = await prepareTarget(target, which, imagesBeside(config));
  const answer = await inScope(async (scope) => await compare(scope, { stack, config, target, commit, preparation }));
  publish(answer.summary, options.output);
  console.log(answer.line);
  if (answer.failed) {
    throw new Problem(`${answer.line}; the summary says why.`);
  }
  if (options.expectNoChanges === true && answer.hasChanges) {
    throw new Problem(`No changes were expected, and there are some (${answer.line}).`);
  }
}

/** To a file or the terminal, and to the summary of the workflow's run where there is one. */
function publish(summary: string, output: string | undefined): void {
  if (output === undefined) {
    console.log(`\n${summary}`);
  } else {
    fs.writeFileSync(output, summary);
  }
  const jobSummary = process.env["GITHUB_STEP_SUMMARY"];
  if (jobSummary) {
    fs.appendFileSync(jobSummary, summary);
  }
}
