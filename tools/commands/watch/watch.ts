import { projectFolder, readBuildContext } from "../../../components/image/buildContext";
import { readBuild } from "../../../components/config/image";
import { LanguageHost } from "../../pulumi/languageHost/languageHost";
import type { PulumiCli } from "../../stack/stack";
import { openSession } from "../../stack/session";
import { StackConfig } from "../../stack/stackConfig";
import { stackFileName } from "../../stack/stackFiles";
import { showError } from "../../terminal/showError";
import { update } from "../up";
import { Changes } from "./changes";
import { HeldUpdate } from "./heldUpdate";
import { type Change, type Reaction, reactionTo } from "./reaction";

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
  const stackFile = stackFileName(stack);
  const restart = async (): Promise<void> => {
    ({ cli } = await openSession(stack));
    await updateAtOnce(cli);
  };
  const changes = await Changes.of([projectFolder, stackFile, ...program]);
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
      console.error(`\nWaiting for changes of ${projectFolder}/, ${stackFile} and the program; Ctrl-C ends it`);
      const next = await untilChanged(changes, { cli, deployed, held }, interrupted.signal);
      if (next === undefined) {
        break;
      }
      const { change, reaction } = next;
      console.error(`\n${change.names.join(", ")} changed`);
      const start = performance.now();
      deployed = change.hash;
      if (reaction === "continue") {
        isWell = await succeeds(held.run());
      } else {
        await held.end();
        isWell = await succeeds(restart());
      }
      if (isWell) {
        console.error(`${((performance.now() - start) / 1000).toFixed(1)} s after the change`);
      }
    }
    process.exitCode = isWell ? 0 : 1;
  } finally {
    await held?.end();
    await changes.close();
  }
}

/** Waits for a change that calls for an update; undefined when it was interrupted. */
async function untilChanged(
  changes: Changes,
  { cli, deployed, held }: { cli: PulumiCli; deployed: string | undefined; held: HeldUpdate },
  interrupted: AbortSignal,
): Promise<{ change: Change; reaction: Exclude<Reaction, "ignore"> } | undefined> {
  for (;;) {
    const names = await changes.next(interrupted);
    if (names === undefined) {
      return undefined;
    }
    const change = { names, hash: sourcesHash(cli) };
    const reaction = reactionTo(change, deployed, held.isWaiting);
    if (reaction !== "ignore") {
      return { change, reaction };
    }
  }
}

/** Undefined when no image can be built from the sources; the update says why. */
function sourcesHash({ configFile }: PulumiCli): string | undefined {
  try {
    const { builder, ...options } = readBuild(StackConfig.in(configFile));
    return builder === "auto" ? undefined : readBuildContext(projectFolder, { builder, ...options }).hash;
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

/** Whether some work succeeded; prints why not. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}
