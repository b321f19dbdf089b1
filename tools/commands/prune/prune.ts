import type { KubeContext } from "../../../components/targets/kubeconfig";
import { step } from "../../terminal/progress";
import { ownStateFolder } from "../../pulumi/ownState";
import { contextOf } from "../../stack/kubeContext";
import { readLocks, removeStaleLocks } from "../../pulumi/repair/locks";
import { openSession } from "../../stack/session";
import { project, StackConfig } from "../../stack/stackConfig";
import { stacksIn } from "../../stack/stackFiles";
import { imagesOf, readStates, type StackState } from "../../pulumi/state";
import { Daemon } from "../../docker/daemon";
import { count, imageTable, keptProblem } from "./pruneReport";
import { type DaemonImage, familiar, type ProjectImages, repositoriesOf, sortImages, usesOf } from "./unused";
import { imagesInCluster } from "./workloads";

/**
 * Lists the images of this project on a stack's Docker daemon, and removes those that nothing uses with `yes`.
 *
 * @throws a `Problem` when the cluster does not say what it uses, or an image could not be removed
 */
export async function prune(named: string | undefined, { yes = false }: { yes?: boolean } = {}): Promise<void> {
  const { cli, config, target } = await openSession(named, { runsProgram: false });
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    // Nothing in the state refers to the image of an update that is running.
    await removeStaleLocks(readLocks(folder, project, cli.stack), cli.stack);
  }
  const daemon = new Daemon(cli.environment);
  const context = contextOf(config, target);
  const images = await step("Searching for images that nothing uses", async () => {
    return await findUnused(await readStates(cli), context, daemon);
  });
  const { used, unused } = images;
  if (unused.length === 0) {
    printTable({ used, unused }, "removed");
    console.log("Nothing to remove: every image of this project is in use");
    return;
  }
  if (!yes) {
    printTable(images, "would be removed");
    console.log(`\nNothing was removed; \`npm run prune -- ${cli.stack} --yes\` removes ${count(unused.length)}`);
    return;
  }
  const reasons = await remove(daemon, unused);
  const removed = unused.filter(({ reference }) => !reasons.has(reference));
  printTable({ used, unused: removed }, "removed");
  if (reasons.size > 0) {
    throw keptProblem([...reasons.values()]);
  }
}

function printTable(images: ProjectImages, note: "would be removed" | "removed"): void {
  if (images.used.length + images.unused.length > 0) {
    console.log(imageTable(images, note));
  }
}

/** Finds this project's images on a daemon, and where the cluster, all the stacks and the containers use them. */
export async function findUnused(
  states: Map<string, StackState>,
  context: KubeContext,
  daemon: Daemon,
): Promise<ProjectImages> {
  const [inCluster, images, containers] = await Promise.all([
    imagesInCluster(context),
    daemon.images(),
    daemon.containers(),
  ]);
  const deployed = [...states.values()].flatMap(({ deployment }) => imagesOf(deployment));
  const repositories = [
    ...stacksIn().flatMap((stack) => repositoriesIn(StackConfig.of(stack))),
    ...repositoriesOf(deployed.map(({ image }) => familiar(image))),
  ];
  return sortImages(images, new Set(repositories.map(familiar)), usesOf(inCluster, states, containers));
}

const repositoriesIn = (config: StackConfig): string[] =>
  config.apps.flatMap((app) => config.ofApp(app).text("imageRepository") ?? []);

/** Removes images. Returns by reference why an image could not be removed. */
async function remove(daemon: Daemon, images: DaemonImage[]): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  await step(`Removing ${count(images.length)}`, async (progress) => {
    for (const { reference } of images) {
      progress.detail(reference);
      const reason = await daemon.remove(reference);
      if (reason !== undefined) {
        reasons.set(reference, reason);
      }
    }
    progress.detail("");
  });
  return reasons;
}
