import type { Builder, BuilderChoice } from "../config/image";
import { Problem } from "../problem";
import type { DaemonAddress, DaemonFacts } from "./endpoints";

type Store = Pick<DaemonAddress & DaemonFacts, "host" | "containerdStore">;

/**
 * The builder that works with a daemon.
 *
 * @param pulls whether the nodes pull the image: then every developer and CI need the same builder, since the digest
 *   depends on it and another digest rolls the pods
 * @throws a `Problem` where the config names one that does not
 */
export function chooseBuilder(choice: BuilderChoice, pulls: boolean, { host, containerdStore }: Store): Builder {
  if (choice === "auto") {
    return pulls || containerdStore ? "docker-build" : "docker";
  }
  if (choice === "docker" && containerdStore) {
    throw new Problem(
      `The Docker daemon at ${host} keeps its images in containerd's store, which builder "docker" cannot handle`,
      "run `pulumi config set builder auto`",
    );
  }
  return choice;
}

/** The line that names a builder which is not the usual one of a developer's cluster, and why; undefined for that one. */
export function builderNote(
  choice: BuilderChoice,
  builder: Builder,
  { host, containerdStore }: Store,
): string | undefined {
  return choice === "auto" && builder === "docker-build" && containerdStore
    ? `Builder docker-build: the Docker daemon at ${host} keeps its images in containerd's store`
    : undefined;
}
