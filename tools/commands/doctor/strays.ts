import { claimKey } from "../../../components/safeguards/claimNamespace";
import { inhabitants, isNobodys } from "../../../components/safeguards/inhabitants";
import { isMadeIn, isProtectedVolume, type Maker, markOf } from "../../../components/safeguards/mark";
import type { Endpoints } from "../../../components/targets/endpoints";
import type { KubeContext } from "../../../components/targets/kubeconfig";

/** A namespace with this project's app that no stack of the backend has. */
export interface Stray {
  name: string;
  /** The stack that made it, or is a guest in it; undefined where nothing says so. */
  madeBy: string | undefined;
  /** How another stack adopts it, where this backend had its stack and has lost the state. @default another backend has it */
  lost?: { uid: string };
  /** Whether data, or what somebody else made, would be deleted with it; also where nobody can tell. */
  holdsMore: boolean;
}

/** Asks the cluster whose a namespace is; undefined when it is gone by now. Throws a `Problem` when it does not say. */
export async function lookAtStray(
  context: KubeContext,
  name: string,
  here: Pick<Maker, "project" | "backend">,
  endpoints: Endpoints,
): Promise<Stray | undefined> {
  const claimOf = async (existingNamespace: boolean): ReturnType<Endpoints["see"]> =>
    await endpoints.see(context, claimKey({ namespace: name, existingNamespace }));
  const [own, anchor] = await Promise.all([claimOf(false), claimOf(true)]);
  if (own === "absent") {
    return undefined;
  }
  const marked = [own, anchor].find((each) => typeof each === "object" && markOf(each.metadata) !== undefined);
  const mark = typeof marked === "object" ? markOf(marked.metadata) : undefined;
  if (mark !== undefined && !isMadeIn(mark, here)) {
    return { name, madeBy: mark.madeBy, holdsMore: true };
  }
  const isSeen = typeof own === "object" && typeof anchor === "string";
  const holdsMore = !isSeen || (await holds(context, name, endpoints).catch(() => true));
  return {
    name,
    madeBy: mark?.madeBy,
    ...(typeof marked === "object" && { lost: { uid: marked.metadata.uid } }),
    holdsMore,
  };
}

async function holds(context: KubeContext, name: string, endpoints: Endpoints): Promise<boolean> {
  const volumes = await endpoints.list(context, `/api/v1/namespaces/${name}/persistentvolumeclaims`);
  return (
    volumes.some(({ metadata }) => isProtectedVolume(metadata)) ||
    !isNobodys(await inhabitants(context, name, endpoints))
  );
}
