import { stopCluster } from "../sandbox/cluster/cluster";
import { shared } from "../sandbox/cluster/kinds";
import { operate, stackExists } from "./pulumi";
import { repair } from "./repair/repair";
import { openSession, prepareTargetOrItsAbsence } from "./session";

/** Destroys a stack; the embedded cluster stops too when it was the stack's. */
export async function down(named: string | undefined): Promise<void> {
  const { cli, target } = await openSession(named, prepareTargetOrItsAbsence);
  if (await stackExists(cli)) {
    await operate(cli, "destroy", ["--skip-preview", ...(await repair(cli, "destroy"))]);
  } else {
    console.log(`There is no stack ${cli.stack} in this backend: nothing to destroy`);
  }
  if (target === "sandbox") {
    await stopCluster(shared);
  }
}
