import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import type { PriorState, PriorVolume } from "./priorState";
import { isOfApp, whyUnasked } from "./volumes";

/** Refuses config that would leave or delete a protected volume, before anything changes. Throws a `Problem`. */
export function refuseLosingData(settings: Settings, { stack, volumes }: Pick<PriorState, "stack" | "volumes">): void {
  const { namespace } = settings.cluster;
  for (const volume of volumes.filter((each) => each.isProtected && isOfApp(settings.name, each))) {
    const isLeft = namespace !== volume.namespace;
    const lost =
      whyUnasked(settings, volume) ??
      (isLeft
        ? { key: "namespace", state: `is "${namespace}"`, back: `pulumi config set namespace ${volume.namespace}` }
        : undefined);
    if (lost !== undefined) {
      const { key, state, back } = lost;
      throw new Problem(
        `Config key "${key}" ${state}, and stack ${stack} keeps data in the volume "${volume.name}" of namespace "${volume.namespace}" (protectData is true), which would be deleted`,
        `run \`${back} --stack ${stack}\` to keep it; to delete it, also run \`pulumi config set protectData false --stack ${stack}\` and \`npm run up -- ${stack}\` before you change the key`,
      );
    }
  }
}

/** Refuses to leave the cluster that has protected volumes, by the cluster's identity. Throws a `Problem`. */
export function refuseLeavingData(
  { database }: Settings,
  { stack, volumes, cluster }: PriorState,
  now: { context: string; clusterIdentifier: string },
): void {
  const isLeft = cluster?.clusterIdentifier !== undefined && cluster.clusterIdentifier !== now.clusterIdentifier;
  const kept = volumes.filter(({ isProtected }) => isProtected);
  // With `protectData` off the engine still refuses what the state protects, before it changes anything.
  if (kept.length > 0 && database.protectData && isLeft) {
    const which =
      cluster.context === now.context
        ? `that kube context "${now.context}" led to`
        : `of kube context "${cluster.context}"`;
    throw new Problem(
      `Stack ${stack} keeps data in ${volumesInWords(kept.map(({ name }) => name))} of the cluster ${which} (protectData is true), and "${now.context}" leads to another cluster`,
      `deploy there with a stack of its own, or lead this one back; if the first cluster is gone with the data, run \`pulumi config set protectData false --stack ${stack}\` and \`pulumi state unprotect --all --stack ${stack}\``,
    );
  }
}

/** What a stack keeps beside one of its apps. */
export interface KeptBeside {
  stack: string;
  /** Of its other apps, and no object that somebody has declared beside them. */
  volumes: (PriorVolume & { app: string })[];
}

/** The protected volumes on the present cluster that the stack's other apps have. */
export function keptBeside({ stack, others, volumes, cluster }: PriorState, now: string): KeptBeside {
  const kept = cluster?.clusterIdentifier === now ? volumes.filter(({ isProtected }) => isProtected) : [];
  return {
    stack,
    volumes: others.flatMap(({ app }) => kept.filter((each) => isOfApp(app, each)).map((each) => ({ ...each, app }))),
  };
}

/**
 * Refuses a program that has no more an app with a protected volume: the engine would delete all else of the app, and
 * then fail.
 *
 * @param all what is kept beside each app that the program has
 * @throws a `Problem` that says how to keep the data or to delete it
 */
export function refuseLosingApp([first, ...others]: readonly KeptBeside[]): void {
  const ofNone = first?.volumes.find(({ name }) =>
    others.every(({ volumes }) => volumes.some((each) => each.name === name)),
  );
  if (first === undefined || ofNone === undefined) {
    return;
  }
  const { stack } = first;
  const { app, name, namespace } = ofNone;
  throw new Problem(
    `index.ts passes no app "${app}" to declareProviders, and stack ${stack} keeps its data in the volume "${name}" of namespace "${namespace}" (protectData is true)`,
    `put the app back, as docs/more-apps.md shows; to delete its data, also run \`pulumi config set ${app}:protectData false --stack ${stack}\` and \`npm run up -- ${stack}\` before you take it out`,
  );
}

/** Volumes by their names, such as `the volumes "a" and "b"`. */
export function volumesInWords(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return `the volume${names.length > 1 ? "s" : ""} ${new Intl.ListFormat("en-GB").format(quoted)}`;
}
