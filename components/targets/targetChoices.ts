// What a stack's config and its target's row decide together. Each throws a `Problem` for what the target does not allow.
import { dataFolder } from "../app/environment";
import type { MediaForm } from "../app/mediaVolume";
import { volumeOwner } from "../config/database";
import { refuseAboveLimit } from "../config/quantity";
import type { ServiceType } from "../config/exposure";
import type { Builder } from "../config/image";
import type { AccessMode } from "../config/media";
import type { Settings } from "../config/settings";
import type { OwnResources } from "../config/workloads";
import { Problem } from "../problem";
import type { DaemonFacts } from "./endpoints";
import type { TargetRow } from "./target";

/** How the service is published. */
export function chooseServiceType({ cluster, exposure }: Settings, allowed: TargetRow["serviceTypes"]): ServiceType {
  const { serviceType, ingressHost, nodePort } = exposure;
  // What an Ingress leads to need not be reached otherwise.
  const usual = ingressHost !== undefined && allowed.includes("ClusterIP") ? "ClusterIP" : allowed[0];
  const chosen = serviceType ?? usual;
  if (!allowed.includes(chosen)) {
    throw new Problem(
      `Config key "serviceType" is "${chosen}": target "${cluster.target}" allows ${allowed.join(" and ")}`,
      `run \`pulumi config set serviceType ${allowed[0]}\``,
    );
  }
  if (chosen === "ClusterIP" && nodePort !== undefined) {
    throw new Problem(
      `Config key "nodePort" is "${nodePort}", and a service of type ClusterIP has none`,
      "run `pulumi config rm nodePort`",
    );
  }
  return chosen;
}

/** The number of pods, or the least number with an autoscaler. */
export function chooseReplicas({ cluster, web, database }: Settings, { usual, least }: TargetRow["replicas"]): number {
  const { replicas, maxReplicas } = web;
  const chosen = replicas ?? usual;
  if (volumeOwner(database) === "sqlite" && (chosen > 1 || maxReplicas !== undefined)) {
    const [key, value] = chosen > 1 ? ["replicas", chosen] : ["maxReplicas", maxReplicas ?? 0];
    throw new Problem(
      `Config key "${key}" is "${value}", and the file of SQLite is kept in a volume (databaseStorage is set), which one pod can have: allowed is one`,
      `run \`pulumi config rm ${key}\`, or \`pulumi config set database postgres\` for several pods`,
    );
  }
  if (chosen < least) {
    throw new Problem(
      `Config key "replicas" is "${chosen}": target "${cluster.target}" allows ${least} and more, so that the page outlives a node`,
      `run \`pulumi config set replicas ${usual}\``,
    );
  }
  if (maxReplicas !== undefined && (chosen === 0 || maxReplicas <= chosen)) {
    throw new Problem(
      `Config key "maxReplicas" is "${maxReplicas}": allowed is more than replicas, which is ${chosen} and has to be at least 1`,
      `run \`pulumi config set maxReplicas ${Math.max(chosen, 1) * 2}\`, or \`pulumi config rm maxReplicas\` for a fixed number`,
    );
  }
  return chosen;
}

/** The CPU that a pod gets at most; undefined for no limit. */
export function chooseCpuLimit({ web, workloads }: Settings, usual: string | undefined): string | undefined {
  const cpuLimit = web.cpuLimit ?? usual;
  refuseAboveLimit(["cpuRequest", web.cpuRequest], cpuLimit === undefined ? undefined : ["cpuLimit", cpuLimit]);
  for (const [key, entries] of Object.entries<Record<string, OwnResources>>(workloads)) {
    for (const [name, own] of Object.entries(entries)) {
      const limit = own.cpuLimit ?? cpuLimit;
      const path = `${key}.${name}`;
      refuseAboveLimit(
        [`${path}.cpuRequest`, own.cpuRequest ?? web.cpuRequest],
        limit === undefined ? undefined : [`${path}.cpuLimit`, limit],
      );
    }
  }
  return cpuLimit;
}

/** The volume for uploads; undefined for none. */
export function chooseMedia({ uploads, database }: Settings, usual: AccessMode): MediaForm | undefined {
  const { media } = uploads;
  if (media?.path === dataFolder && database.database === "sqlite") {
    throw new Problem(
      `Config key "media.path" is "${media.path}", and that folder has the file of SQLite ("database" is "sqlite")`,
      "run `pulumi config set --path media.path /app/media` with the MEDIA_ROOT of your settings, or `pulumi config set database postgres`",
    );
  }
  return media && { ...media, accessMode: media.accessMode ?? usual };
}

/** What the image is built for. */
export function choosePlatforms(
  { cluster, image }: Settings,
  row: TargetRow,
  daemon: DaemonFacts,
  builder: Builder,
): string[] {
  const platforms = (image.platform ?? row.platform ?? daemon.platform).split(",");
  if (platforms.length === 1) {
    return platforms;
  }
  const refuse = (reason: string, help: string): never => {
    throw new Problem(
      `Config key "platform" names ${platforms.length} platforms, ${platforms.join(" and ")}: ${reason}`,
      `${help}, or \`pulumi config set platform ${platforms[0] ?? ""}\``,
    );
  };
  if (!row.pulls) {
    return refuse(
      `the nodes of target "${cluster.target}" run the image from the daemon that built it, and that has one platform`,
      "run `pulumi config rm platform`",
    );
  }
  if (builder === "docker") {
    return refuse('builder "docker" builds for one', "run `pulumi config set builder docker-build`");
  }
  return daemon.containerdStore
    ? platforms
    : refuse(
        "the Docker daemon keeps such an image only in containerd's store",
        "turn on Docker Desktop's Settings > General > Use containerd, or the daemon's feature containerd-snapshotter",
      );
}

/** Refuses the user of a registry where nothing is pushed. */
export function refuseUnusedRegistry({ cluster, image }: Settings, { pulls }: TargetRow): void {
  if (image.registryUsername !== undefined && !pulls) {
    throw new Problem(
      `Config key "registryUsername" is "${image.registryUsername}": target "${cluster.target}" runs the image from the daemon that built it and pushes nothing`,
      "run `pulumi config rm registryUsername` and `pulumi config rm registryPassword`",
    );
  }
}
