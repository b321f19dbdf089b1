// What a stack's config and its target's row decide together. Each throws a `Problem` for what the target does not allow.
import type { DaemonFacts } from "./probes";
import { Problem } from "../problem";
import type { ServiceType, Settings } from "../config/settings";
import type { TargetRow } from "./target";

/** How the service is published. */
export function chooseServiceType(
  { target, serviceType, ingressHost, nodePort }: Settings,
  allowed: TargetRow["serviceTypes"],
): ServiceType {
  // What an Ingress leads to need not be reached otherwise.
  const usual = ingressHost !== undefined && allowed.includes("ClusterIP") ? "ClusterIP" : allowed[0];
  const chosen = serviceType ?? usual;
  if (!allowed.includes(chosen)) {
    throw new Problem(
      `Config key "serviceType" is "${chosen}": target "${target}" allows ${allowed.join(" and ")}; run \`pulumi config set serviceType ${allowed[0]}\`.`,
    );
  }
  if (chosen === "ClusterIP" && nodePort !== undefined) {
    throw new Problem(
      `Config key "nodePort" is "${nodePort}", and a service of type ClusterIP has none; run \`pulumi config rm nodePort\`.`,
    );
  }
  return chosen;
}

/** How many pods there are, or at least are. */
export function chooseReplicas(
  { target, replicas, maxReplicas }: Settings,
  { usual, least }: TargetRow["replicas"],
): number {
  const chosen = replicas ?? usual;
  if (chosen < least) {
    throw new Problem(
      `Config key "replicas" is "${chosen}": target "${target}" allows ${least} and more, so that the page outlives a node; run \`pulumi config set replicas ${usual}\`.`,
    );
  }
  if (maxReplicas !== undefined && (chosen === 0 || maxReplicas <= chosen)) {
    throw new Problem(
      `Config key "maxReplicas" is "${maxReplicas}": allowed is more than replicas, which is ${chosen} and has to be at least 1; run \`pulumi config set maxReplicas ${Math.max(chosen, 1) * 2}\`, or \`pulumi config rm maxReplicas\` for a fixed number.`,
    );
  }
  return chosen;
}

/** What the image is built for. */
export function choosePlatforms(
  { target, platform, builder }: Settings,
  row: TargetRow,
  daemon: DaemonFacts,
): string[] {
  const platforms = (platform ?? row.platform ?? daemon.platform).split(",");
  if (platforms.length === 1) {
    return platforms;
  }
  const refuse = (reason: string): never => {
    throw new Problem(
      `Config key "platform" names ${platforms.length} platforms, ${platforms.join(" and ")}: ${reason}, or \`pulumi config set platform ${platforms[0] ?? ""}\`.`,
    );
  };
  if (!row.pulls) {
    return refuse(
      `the nodes of target "${target}" run the image from the daemon that built it, and that has one platform; run \`pulumi config rm platform\``,
    );
  }
  if (builder === "docker") {
    return refuse('builder "docker" builds for one; run `pulumi config set builder docker-build`');
  }
  return daemon.containerdStore
    ? platforms
    : refuse(
        "the Docker daemon keeps such an image only in containerd's store; turn on Docker Desktop's Settings > General > Use containerd, or the daemon's feature containerd-snapshotter",
      );
}

/** A user of a registry is of no use where nothing is pushed. */
export function refuseUnusedRegistry({ target, registryUsername }: Settings, { pulls }: TargetRow): void {
  if (registryUsername !== undefined && !pulls) {
    throw new Problem(
      `Config key "registryUsername" is "${registryUsername}": target "${target}" runs the image from the daemon that built it and pushes nothing; run \`pulumi config rm registryUsername\` and \`pulumi config rm registryPassword\`.`,
    );
  }
}
