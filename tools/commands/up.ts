import { createRequire } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";

import { asTemporary, scratchFolder } from "../scratch";
import { BuildAhead } from "../docker/buildAhead";
import { BuildLog } from "../docker/buildLog";
import { stackOutputsIn } from "../pulumi/engineEvents";
import type { LanguageHost } from "../pulumi/languageHost/languageHost";
import { refuseNotDeployed } from "../app/ownPlace";
import { currentDeployment, repair } from "../pulumi/repair/repair";
import { appOutputs, imageOf, readDeployment } from "../pulumi/state";
import { type MakeWatch, operate } from "../pulumi/operate";
import type { Deployed } from "../rollout/followUpdate";
import { createStack, stackExists, stackOutputs } from "../pulumi/stacks";
import { provideBuildImages } from "../stack/buildImages";
import { refuseOtherPassphrase } from "../stack/passphrase";
import { openSession } from "../stack/session";
import type { PulumiCli } from "../stack/stack";
import { project, StackConfig } from "../stack/stackConfig";

export { waitUntilServed } from "../rollout/page/url";

// Loaded while the engine starts.
const load = createRequire(__filename);
const following = (): typeof import("../rollout/followUpdate") =>
  load("../rollout/followUpdate") as typeof import("../rollout/followUpdate");

/**
 * From source to a served page: runs `pulumi up` and prints the URL once the page answers.
 *
 * @param host where the program runs; stopped at the end
 */
export async function up(named: string | undefined, host: LanguageHost): Promise<void> {
  try {
    const { cli } = await openSession(named, { leavesPassphrase: true });
    await provideBuildImages(cli.configFile);
    await update(cli, host);
  } finally {
    host.stop();
  }
}

/** How an update is run. */
export interface UpdateOptions {
  /** Whether a save runs it again. @default false: the user does */
  isWatched?: boolean;
  /** The app whose page is waited for. @default the stack's first one */
  app?: string;
}

/**
 * Updates a stack and prints the URL of an app once its page answers.
 *
 * @returns what was deployed of the app
 * @throws a `Problem`, also where index.ts has no app of that name
 */
export async function update(
  cli: PulumiCli,
  host: LanguageHost,
  { isWatched = false, app = project }: UpdateOptions = {},
): Promise<Deployed> {
  const retry = isWatched ? "" : "run `npm run up` again";
  let ahead: BuildAhead | undefined;
  try {
    if (!(await stackExists(cli))) {
      await createStack(cli);
    }
    const deployment = await currentDeployment(cli);
    const repaired = repair(cli, deployment);
    repaired.catch(() => undefined);
    // The engine waits for what the repair asks for, so that has to be under way before the sources are read.
    await nextTurn();
    // The layers are built while Pulumi starts and the program runs.
    ahead = new BuildAhead(cli, imageOf(deployment));
    const flags = await repaired;
    flags.push("--client", await host.address());
    await host.setEnvironment({ ...cli.environment, ...asTemporary(scratchFolder()) });
    const log = new BuildLog(cli.environment);
    const engine = { ...cli, environment: log.environment };
    const watch: MakeWatch = (cancel, say) => following().watchUpdate(cli, log, { cancel, say, retry });
    // A preview would run the program once more, and only a user could act on it.
    const events = await operate(engine, "up", ["--skip-preview", ...flags], watch);
    // To ask Pulumi for them takes a quarter of the time of an `up` without changes.
    const outputs = stackOutputsIn(events) ?? (await stackOutputs(cli));
    const deployed = app === project ? outputs : await deployedOf(cli, app);
    const way = await following().wayToDeployed(cli, deployed, { app, retry });
    if (way !== undefined) {
      console.error();
      console.log(way);
    }
    return deployed;
  } catch (error) {
    // Pulumi refuses it before it changes anything. To try it takes 0.3 s, so it is tried when there is something to explain.
    await refuseOtherPassphrase(cli.stack, StackConfig.of(cli.stack), cli.environment);
    throw error;
  } finally {
    ahead?.stop();
  }
}

/** What the stack has of another app than the first, of which index.ts exports whatever it likes. */
async function deployedOf(cli: PulumiCli, app: string): Promise<Deployed> {
  const deployment = await readDeployment(cli);
  refuseNotDeployed({ stack: cli.stack, app }, deployment);
  return appOutputs(deployment, app) ?? {};
}
