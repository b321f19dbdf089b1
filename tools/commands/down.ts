import { Problem } from "../../components/problem";
import { stopUnlessUsed } from "../sandbox/cluster/cluster";
import { local } from "../sandbox/cluster/kinds";
import { operate } from "../pulumi/operate";
import { currentDeployment, repair } from "../pulumi/repair/repair";
import { openSession, prepareTargetOrItsAbsence } from "../stack/session";
import { stackExists } from "../pulumi/stacks";
import { type Deployment, unprotect } from "../pulumi/state";

/** Destroys a stack; the embedded cluster stops too when it was the last that used it. */
export async function down(named: string | undefined): Promise<void> {
  const { cli, target, isGone } = await openSession(named, prepareTargetOrItsAbsence);
  if (await stackExists(cli)) {
    if (isGone) {
      // What was protected went with the cluster.
      await unprotect(cli, cli.stack);
    }
    const deployment = await currentDeployment(cli);
    refuseProtected(cli.stack, deployment);
    const flags = await repair(cli, deployment, "destroy");
    await operate(cli, "destroy", ["--skip-preview", ...flags]);
  } else {
    console.error(`There is no stack ${cli.stack} in this backend: nothing to destroy`);
  }
  if (target === "sandbox") {
    await stopUnlessUsed(local);
  }
}

/** Without this, Pulumi would destroy everything else first. */
function refuseProtected(stack: string, { resources = [] }: Deployment): void {
  const kept = resources.filter(({ protect }) => protect === true);
  const volume = kept.find(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
  if (volume !== undefined) {
    const [name = ""] = (volume.id ?? "").split("/").slice(-1);
    throw new Problem(
      `Stack ${stack} keeps data in the volume "${name}" (protectData is true), so nothing was destroyed`,
      `to delete it with the data, run \`pulumi config set protectData false --stack ${stack}\`, \`npm run up -- ${stack}\` and \`npm run down -- ${stack}\``,
    );
  }
  const [other] = kept;
  if (other !== undefined) {
    throw new Problem(
      `Stack ${stack} protects ${other.urn.split("::").at(-1) ?? ""} from being deleted, so nothing was destroyed`,
      `run \`pulumi state unprotect '${other.urn}' --stack ${stack}\` if it may go`,
    );
  }
}
