import { runningPid } from "../cluster/daemons";
import { run } from "../cluster/host";
import { clusterFiles, clusterFolder, type ClusterKind, kinds } from "../cluster/kinds";

const copy =
  'docker --host "$1" image inspect "$3" >/dev/null && docker --host "$1" save "$3" | docker --host "$2" load';

/** Copies an image from another running sandbox; returns its name, or undefined where no other one has the image. */
export async function copyImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  image: string,
): Promise<ClusterKind["name"] | undefined> {
  const others = kinds.filter((other) => other.name !== kind.name);
  const socket = (of: ClusterKind): string => `unix://${clusterFiles(of).dockerSocket}`;
  for (const other of others.filter((each) => runningPid(clusterFolder(each), "dockerd") !== undefined)) {
    const command = ["sh", "-c", copy, "copy", socket(other), socket(kind), image];
    const isCopied = await run(environment, command).then(
      () => true,
      () => false,
    );
    if (isCopied) {
      return other.name;
    }
  }
  return undefined;
}
