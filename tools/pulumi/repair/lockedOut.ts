import { Problem } from "../../../components/problem";
import type { PulumiCli } from "../../stack/stack";
import { project } from "../../stack/stackConfig";
import { ownStateFolder } from "../ownState";
import { describeLock, type Holder, holderOf, type Lock, readLocks } from "./locks";

/**
 * Why an operation could not begin: another process has the stack.
 *
 * @param locks what the CLI says of the locks that it met
 * @returns undefined when nobody has it any more
 */
export async function findLockProblem(
  cli: PulumiCli,
  locks: readonly string[],
  findHolder: (lock: Lock) => Promise<Holder> = holderOf,
): Promise<Problem | undefined> {
  const folder = ownStateFolder(cli);
  if (folder === undefined) {
    return new Problem(`Stack ${cli.stack} is being changed by another process`, "wait until it ends", locks);
  }
  for (const lock of readLocks(folder, project, cli.stack)) {
    const holder = await findHolder(lock);
    if (holder !== "gone") {
      return describeLock(lock, holder, cli.stack);
    }
  }
  return undefined;
}
