import { Problem } from "../../../components/problem";
import { thisHost } from "../../../components/targets/host";
import { lookAtClaim, priorStateOf, refuseForeign } from "../../pulumi/prior";
import { readDeployment } from "../../pulumi/state";
import { pulumiCommand, pulumiFailed } from "../../pulumi/cli";
import { errorsIn } from "../../pulumi/errorText";
import { operate } from "../../pulumi/operate";
import { stackExists } from "../../pulumi/stacks";
import type { PulumiCli } from "../../stack/stack";
import { openSession } from "../../stack/session";
import { makeScratch } from "../../scratch";
import { step } from "../../terminal/progress";
import { type Plan, planOf } from "../../pulumi/changes/changes";
import { driftLines, driftProblem } from "./driftReport";
import { parseReport } from "../../pulumi/changes/previewJson";
import { captured } from "../../terminal/captured";

/**
 * Prints what differs between the cluster and the last `up`, and restores it with `restore`.
 *
 * @throws a `Problem` when there is drift that is not restored, or when the comparison fails
 */
export async function drift(named: string | undefined, { restore = false }: { restore?: boolean } = {}): Promise<void> {
  const { cli } = await openSession(named, { runsProgram: restore });
  const exists = await stackExists(cli);
  if (exists) {
    const prior = priorStateOf(cli.stack, await readDeployment(cli));
    await refuseForeign(prior, (await lookAtClaim(prior, thisHost)).sight, thisHost);
  }
  const { changes, unchanged } = exists ? await compareWithCluster(cli) : nothing;
  if (changes.length + unchanged.length === 0) {
    throw new Problem(
      `Stack ${cli.stack} has nothing deployed in this backend, so there is nothing to compare the cluster with`,
      `run \`npm run up -- ${cli.stack}\``,
    );
  }
  if (changes.length === 0) {
    console.log(`No drift: all ${unchanged.length} resources of stack ${cli.stack} are as the last \`up\` left them`);
    return;
  }
  console.log(driftLines(changes).join("\n"));
  if (restore) {
    await undo(cli);
    return;
  }
  throw driftProblem(changes, cli.stack);
}

const nothing: Plan = { changes: [], unchanged: [] };

async function compareWithCluster(cli: PulumiCli): Promise<Plan> {
  // Only the JSON tells changes from failures: the exit code is the same for both.
  const command = ["refresh", "--preview-only", "--expect-no-changes", "--json"];
  const scratch = makeScratch("engine");
  const environment = { ...cli.environment, ...scratch.environment };
  const call = { ...cli, folder: process.cwd(), environment };
  const printed = await step("Comparing the state with the cluster", async () => {
    return await captured(...pulumiCommand(command, call)).finally(scratch.remove);
  });
  const plan = printed.stdout.startsWith("{") ? planOf(parseReport(printed.stdout)) : nothing;
  if (printed.exitCode !== 0 && plan.changes.length === 0) {
    throw pulumiFailed(command, call, errorsIn(printed));
  }
  return plan;
}

/**
 * Refreshes before it updates: an `up` alone trusts its state, finds no change and does nothing. In two steps, since the
 * program reads the state as it was before the update, and refuses to work without a namespace that the state has.
 */
async function undo(cli: PulumiCli): Promise<void> {
  // A manual change made somebody else the owner of the field, so the API server refuses to change it without force.
  const environment = { ...cli.environment, PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
  await operate(cli, "refresh", ["--skip-preview"]);
  await operate({ ...cli, environment }, "up", ["--skip-preview"]);
}
