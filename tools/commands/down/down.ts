import { targets } from "../../../components/targets/target";
import { thisHost } from "../../../components/targets/host";
import { lookAtClaim, priorStateOf, refuseForeignApps } from "../../pulumi/prior";
import { stopUnlessUsed } from "../../sandbox/cluster/cluster";
import { local } from "../../sandbox/cluster/kinds";
import { operate } from "../../pulumi/operate";
import { currentDeployment, repair } from "../../pulumi/repair/repair";
import { chooseTarget, needsOf, openState, prepareTarget } from "../../stack/session";
import { stackExists } from "../../pulumi/stacks";
import { clearState, type Deployment, unprotect } from "../../pulumi/state";
import { stackFileName } from "../../stack/stackFiles";
import type { PulumiCli } from "../../stack/stack";
import type { Choice } from "../../stack/session";
import { decideEnd } from "./decideEnd";
import { isGone, whichOfState } from "./look";

/** Destroys what a stack made and nothing else; the embedded cluster stops too when it was the last that used it. */
export async function down(named: string | undefined): Promise<void> {
  const choice = await chooseTarget(named);
  const reader = await openState(choice);
  if (await stackExists(reader)) {
    await end(choice, reader, await currentDeployment(reader));
  } else {
    console.error(`There is no stack ${choice.stack} in this backend: nothing to destroy`);
  }
  if (choice.target === "sandbox") {
    await stopUnlessUsed(local);
  }
}

async function end(choice: Choice, reader: PulumiCli, deployment: Deployment): Promise<void> {
  const { stack, config, target } = choice;
  const prior = priorStateOf(stack, deployment);
  const which = whichOfState(config, target, prior);
  if (await isGone(target, which, prior, thisHost)) {
    const context = prior.cluster?.context ?? targets[target].kubeContext(which);
    console.error(
      `Kube context ${context} was deleted, and with it everything of the stack: only its state is cleared`,
    );
    // What was protected went with the cluster.
    await unprotect(reader, stack);
    const environment = { ...reader.environment, PULUMI_K8S_DELETE_UNREACHABLE: "true" };
    await destroy({ ...reader, environment }, await currentDeployment(reader));
    return;
  }
  const { environment } = await prepareTarget(target, which, needsOf(config));
  const cli = { ...reader, environment: { ...environment, ...backendOf(reader) } };
  const decision = decideEnd(stack, deployment, prior, await lookAtClaim(prior, thisHost));
  if (decision.action !== "clear") {
    await refuseForeignApps(prior, thisHost);
  }
  switch (decision.action) {
    case "clear":
      await clearState(cli, stack);
      console.error(`${decision.reason}: only the state of stack ${stack} was cleared`);
      return;
    case "unprotect":
      console.error(decision.reason);
      await unprotect(cli, stack);
      break;
    case "destroy":
      break;
  }
  await destroy(cli, deployment);
}

async function destroy(cli: PulumiCli, deployment: Deployment): Promise<void> {
  const flags = await repair(cli, deployment, "destroy");
  await operate(cli, "destroy", ["--skip-preview", ...flags]);
  // Pulumi advises `pulumi stack rm` last, which would take the config away and frees nothing.
  console.error(
    `Everything of stack ${cli.stack} is deleted; ${stackFileName(cli.stack)} keeps its config, with which \`npm run up -- ${cli.stack}\` deploys it again`,
  );
}

/** What of an environment leads to the state. */
function backendOf({ environment }: PulumiCli): NodeJS.ProcessEnv {
  const names = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}
