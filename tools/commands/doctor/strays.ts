import { claimKey } from "../../../components/safeguards/claimNamespace";
import { inhabitants, isNobodys } from "../../../components/safeguards/inhabitants";
import { isMadeIn, isProtectedVolume, type Maker, markOf } from "../../../components/safeguards/mark";
import type { Endpoints, Sight } from "../../../components/targets/endpoints";
import type { KubeContext } from "../../../components/targets/kubeconfig";
import { project } from "../../stack/stackConfig";

/** A namespace with this project's app that no stack of the backend has. */
export interface Stray {
  name: string;
  /** The stack that made it, or is a guest in it; undefined where nothing says so. */
  maker: { inWords: string; lost: Lost | undefined } | undefined;
  /** Whether data, or what somebody else made, would be deleted with it; also where nobody can tell. */
  holdsMore: boolean;
}

/** Of a stack that this backend had, and whose state is gone. */
interface Lost {
  /** With which another stack adopts the namespace. */
  uid: string;
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
  const maker = [own, anchor].map((sight) => makerOf(sight, here)).find((each) => each !== undefined);
  if (maker !== undefined && maker.lost === undefined) {
    return { name, maker, holdsMore: true };
  }
  const isSeen = typeof own === "object" && typeof anchor === "string";
  const holdsMore = !isSeen || (await holds(context, name, endpoints).catch(() => true));
  return { name, maker, holdsMore };
}

function makerOf(sight: Sight, here: Pick<Maker, "project" | "backend">): Stray["maker"] {
  const mark = typeof sight === "object" ? markOf(sight.metadata) : undefined;
  if (typeof sight !== "object" || mark === undefined) {
    return undefined;
  }
  return { inWords: mark.madeBy, lost: isMadeIn(mark, here) ? { uid: sight.metadata.uid } : undefined };
}

async function holds(context: KubeContext, name: string, endpoints: Endpoints): Promise<boolean> {
  const volumes = await endpoints.list(context, `/api/v1/namespaces/${name}/persistentvolumeclaims`);
  return (
    volumes.some(({ metadata }) => isProtectedVolume(metadata)) ||
    !isNobodys(await inhabitants(context, name, endpoints), project)
  );
}
