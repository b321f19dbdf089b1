import type { KubeContext } from "../../../components/targets/kubeconfig";
import { Problem } from "../../../components/problem";
import { step } from "../../terminal/progress";
import { ownStateFolder } from "../../pulumi/ownState";
import { contextOf } from "../../stack/kubeContext";
import { readLocks, removeStaleLocks } from "../../pulumi/repair/locks";
import { openSession } from "../../stack/session";
import { project, StackConfig } from "../../stack/stackConfig";
import { stacksIn } from "../../stack/stackFiles";
import { imageOf, readStates, type StackState } from "../../pulumi/state";
import { alignedTable } from "../../terminal/table";
import { Daemon } from "../../docker/daemon";
import { type DaemonImage, familiar, referencesIn, repositoriesOf, type Sorted, sortImages } from "./unused";
import { imagesInCluster } from "./workloads";

/**
 * Lists the images of this project on a stack's Docker daemon that nothing uses any more, or removes them.
 *
 * @throws a `Problem` when it cannot be known what is used, or an image could not be removed
 */
export async function prune(named: string | undefined, { yes = false }: { yes?: boolean } = {}): Promise<void> {
  const { cli, config, target } = await openSession(named);
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    // What an update has built and not yet written down would look unused.
    await removeStaleLocks(readLocks(folder, project, cli.stack), cli.stack);
  }
  const daemon = new Daemon(cli.environment);
  const context = contextOf(config, target);
  const { unused, used } = await step("Looking for images that nothing uses", async () => {
    return await findUnused(await readStates(cli), context, daemon);
  });
  if (used.length > 0) {
    console.log(alignedTable(used.map(({ image, by }) => [...cells(image), `used by ${shortened(by)}`])));
  }
  if (unused.length === 0) {
    console.log("Nothing to remove: every image of this project is used");
    return;
  }
  if (!yes) {
    console.log(alignedTable(unused.map((image) => [...cells(image), "would be removed"])));
    console.log(`\nNothing was removed; \`npm run prune -- ${cli.stack} --yes\` removes ${count(unused.length)}`);
    return;
  }
  await remove(daemon, unused);
}

/** Sorts the daemon's images by what the cluster, the states of all this project's stacks and the containers name. */
export async function findUnused(
  states: Map<string, StackState>,
  context: KubeContext,
  daemon: Daemon,
): Promise<Sorted> {
  const [references, images, ids] = await Promise.all([imagesInCluster(context), daemon.images(), daemon.containers()]);
  for (const [stack, state] of states) {
    for (const reference of referencesIn(JSON.stringify(state))) {
      references.set(reference, [...(references.get(reference) ?? []), `stack ${stack}`]);
    }
  }
  const repositories = [
    ...stacksIn().flatMap((stack) => StackConfig.of(stack).text("imageRepository") ?? []),
    ...repositoriesOf([...states.values()].flatMap(({ deployment }) => imageOf(deployment) ?? []).map(familiar)),
  ];
  return sortImages(images, new Set(repositories.map(familiar)), { references, ids });
}

async function remove(daemon: Daemon, images: DaemonImage[]): Promise<void> {
  const kept: string[] = [];
  await step(`Removing ${count(images.length)}`, async (progress) => {
    for (const { reference } of images) {
      progress.detail(reference);
      const reason = await daemon.remove(reference);
      if (reason !== undefined) {
        kept.push(reason);
      }
    }
    progress.detail("");
  });
  console.log(alignedTable(images.map((image) => cells(image))));
  if (kept.length > 0) {
    throw new Problem(`${count(kept.length)} could not be removed: ${kept.join("; ")}.`);
  }
}

const count = (number: number): string => (number === 1 ? "1 image" : `${number} images`);

const cells = ({ reference, size, age }: DaemonImage): string[] => [reference, size, age];

function shortened(by: string[]): string {
  const [first = "", ...others] = by;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
