import { Problem } from "../../../components/problem";
import { pulumiCommand, pulumiFailed } from "../../pulumi/cli";
import { errorsIn } from "../../pulumi/errorText";
import { operate } from "../../pulumi/operate";
import { stackExists } from "../../pulumi/stacks";
import type { PulumiCli } from "../../stack/stack";
import { openSession } from "../../stack/session";
import { step } from "../../terminal/progress";
import { type Plan, planOf } from "../../pulumi/changes/changes";
import { driftLines } from "./driftReport";
import { parseReport } from "../../pulumi/changes/previewJson";
import { runCommand } from "../../terminal/scope";

/**
 * Says what somebody changed in the cluster since the last `up`, or puts it back.
 *
 * @throws a `Problem` when there is any drift that it was not told to put back, or when it could not be found out
 */
export async function drift(named: string | undefined, { restore = false }: { restore?: boolean } = {}): Promise<void> {
  const { cli } = await openSession(named);
  const { changes, unchanged } = (await stackExists(cli)) ? await compareWithCluster(cli) : nothing;
  if (changes.length + unchanged.length === 0) {
    throw new Problem(
      `Stack ${cli.stack} has nothing deployed in this backend, so there is nothing to compare the cluster with; run \`npm run up -- ${cli.stack}\`.`,
    );
  }
  if (changes.length === 0) {
    console.log(`No drift: all ${unchanged.length} resources of stack ${cli.stack} are as the last \`up\` left them`);
    return;
  }
  console.log(driftLines(changes).join("\n"));
  if (restore) {
    await putBack(cli);
    return;
  }
  const objects = changes.length === 1 ? "1 object differs" : `${changes.length} objects differ`;
  throw new Problem(
    `${objects} from what the last \`up\` of stack ${cli.stack} left; run \`npm run drift -- ${cli.stack} --restore\` to put it back.`,
  );
}

const nothing: Plan = { changes: [], unchanged: [] };

async function compareWithCluster(cli: PulumiCli): Promise<Plan> {
  // Without JSON it prints a tree for eyes; and its exit code for changes is that for failures as well.
  const command = ["refresh", "--preview-only", "--expect-no-changes", "--json"];
  const call = { ...cli, folder: process.cwd() };
  const printed = await step("Comparing the state with the cluster", async () => {
    return await runCommand(...pulumiCommand(command, call));
  });
  const plan = printed.stdout.startsWith("{") ? planOf(parseReport(printed.stdout)) : nothing;
  if (printed.exitCode !== 0 && plan.changes.length === 0) {
    throw pulumiFailed(command, call, errorsIn(printed));
  }
  return plan;
}

/** An `up` alone would find its state unchanged and do nothing. */
async function putBack(cli: PulumiCli): Promise<void> {
  // Whoever changed a field by hand owns it since then, and the API server refuses to take it away unasked.
  const environment = { ...cli.environment, PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
  await operate({ ...cli, environment }, "up", ["--skip-preview", "--refresh"]);
}
