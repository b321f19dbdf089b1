import { projectFolder, readBuildContext } from "../../../components/image/buildContext";
import { readBuild } from "../../../components/config/image";
import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import type { PulumiCli } from "../../stack/stack";
import { openSession } from "../../stack/session";
import { configReader } from "../../stack/stackConfig";
import { showError } from "../../terminal/showError";
import { update } from "../up";
import { Changes } from "./changes";
import { HeldUpdate } from "./heldUpdate";

/** What an update reads beside the sources of the image and the stack's config. */
const program = ["index.ts", "components", "Pulumi.yaml", "package.json"];

/**
 * Takes app/ to a page as `npm run up` does, and again after each change, until Ctrl-C; what is deployed stays.
 *
 * Sets the exit code to 1 when the last update failed.
 */
export async function watch(named: string | undefined): Promise<void> {
  let held: HeldUpdate | undefined;
  const interrupted = new AbortController();
  process.on("SIGINT", () => {
    interrupted.abort();
    held?.cancel();
  });
  let { cli } = await openSession(named);
  const { stack } = cli;
  const changes = await Changes.of([projectFolder, `Pulumi.${stack}.yaml`, ...program]);
  try {
    let deployed = sourcesHash(cli);
    let isWell = await succeeds(updateAtOnce(cli));
    while (!interrupted.signal.aborted) {
      if (!isWell) {
        // Saving again tries again.
        deployed = undefined;
        // The cluster may have another address now.
        await succeeds(openSession(stack).then((session) => ({ cli } = session)));
      }
      held = new HeldUpdate(cli);
      await held.ready;
      console.log(`\nWaiting for changes of ${projectFolder}/, Pulumi.${stack}.yaml and the program; Ctrl-C ends it`);
      const change = await untilChanged(changes, cli, deployed, interrupted.signal);
      if (change === undefined) {
        break;
      }
      const { names } = change;
      console.log(`\n${names.join(", ")} changed`);
      const begun = performance.now();
      deployed = change.hash;
      if (held.isWaiting && names.every(isSource)) {
        isWell = await succeeds(held.run());
      } else {
        await held.end();
        isWell = await succeeds(
          openSession(stack).then(async (session) => {
            ({ cli } = session);
            await updateAtOnce(cli);
          }),
        );
      }
      if (isWell) {
        console.log(`${((performance.now() - begun) / 1000).toFixed(1)} s after the change`);
      }
    }
    process.exitCode = isWell ? 0 : 1;
  } finally {
    await held?.end();
    await changes.close();
  }
}

/**
 * Waits for a change of what is deployed: files that do not reach the image are none.
 *
 * @returns names of what changed, and the hash of the sources now; undefined when it was interrupted
 */
async function untilChanged(
  changes: Changes,
  cli: PulumiCli,
  deployed: string | undefined,
  interrupted: AbortSignal,
): Promise<{ names: string[]; hash: string | undefined } | undefined> {
  for (;;) {
    const names = await changes.next(interrupted);
    if (names === undefined) {
      return undefined;
    }
    const hash = sourcesHash(cli);
    if (!names.every(isSource) || hash !== deployed) {
      return { names, hash };
    }
  }
}

function isSource(name: string): boolean {
  return name.startsWith(`${projectFolder}/`);
}

/** Undefined when they cannot be built, which the update tells. */
function sourcesHash({ configFile }: PulumiCli): string | undefined {
  try {
    return readBuildContext(projectFolder, readBuild(configReader(configFile))).hash;
  } catch {
    return undefined;
  }
}

async function updateAtOnce(cli: PulumiCli): Promise<void> {
  const host = new LanguageHost();
  try {
    await update(cli, host);
  } finally {
    host.stop();
  }
}

/** Tells why work failed; whether it did not. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}
