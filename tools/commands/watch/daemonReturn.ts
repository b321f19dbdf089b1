import { askDaemon } from "../../../components/targets/daemon";
import { thisHost } from "../../../components/targets/host";
import { targets } from "../../../components/targets/target";
import { awayDaemon, untilDaemonAnswers } from "../../docker/daemonReturn";
import { DaemonProblem } from "../../rollout/buildWatch";
import { whichCluster } from "../../stack/kubeContext";
import { chooseTarget } from "../../stack/session";
import type { PulumiCli } from "../../stack/stack";

/** The wait for a Docker daemon that was away when the last update needed it: its return is as good as a save. */
export class DaemonReturn {
  isBack = false;
  /** Resolves when it answers; never where the wait is ended. */
  readonly back: Promise<"back">;
  private readonly over = new AbortController();

  private constructor(stack: string, signal: AbortSignal) {
    const waited = untilDaemonAnswers(() => askDaemonOf(stack), AbortSignal.any([signal, this.over.signal]));
    this.back = new Promise((resolve) => {
      waited.then(
        () => {
          this.isBack = true;
          resolve("back");
        },
        () => undefined,
      );
    });
  }

  /**
   * The wait that an update's failure calls for; undefined where the daemon was not to blame.
   *
   * @param options `isRetry`: a daemon that answered and failed again is not waited for a third time
   */
  static async after(
    failure: Error | undefined,
    { stack, environment }: PulumiCli,
    { isRetry, signal }: { isRetry: boolean; signal: AbortSignal },
  ): Promise<DaemonReturn | undefined> {
    if (failure === undefined) {
      return undefined;
    }
    const isToBlame = (failure instanceof DaemonProblem && !isRetry) || (await isAway(environment));
    return isToBlame ? new DaemonReturn(stack, signal) : undefined;
  }

  end(): void {
    this.over.abort();
  }
}

/** Asks the daemon on which the stack would be built now. Rejects when there is none that answers. */
async function askDaemonOf(stack: string): Promise<void> {
  const { config, target } = await chooseTarget(stack, () => undefined);
  await askDaemon(target, await targets[target].locate(whichCluster(config), thisHost), thisHost);
}

/** Whether the Docker daemon does not answer; says so. */
async function isAway(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const away = await awayDaemon(environment);
  if (away !== undefined) {
    console.error(`The Docker daemon at ${away.host} does not answer (${away.reason}): the change waits for it`);
  }
  return away !== undefined;
}
