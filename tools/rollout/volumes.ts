import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";

import { readIfThere } from "../../components/kubernetes/client";
import type { Live } from "../../components/kubernetes/types";
import { roleOfPod } from "../app/role";
import { type Diagnosis, oneLine } from "./diagnosis";
import { eventsAbout, type Place, type Pod, type PodEvent } from "./kubernetes";
import { whoseOf } from "./whose";

export type Claim = Live<V1PersistentVolumeClaim>;

type Advice = Pick<Diagnosis, "nextStep" | "patience">;

/** Seconds after which what a provisioner refuses is taken for final: it tries again and again. */
const settledSeconds = 3;
/** What storage drivers say of access modes that they do not have. */
const ofAccessMode = /access ?modes?|ReadWriteMany|RWX|multi[ _-]?(node|writer)|SINGLE_NODE|volume ?capabilit/i;
const ofClass = /storageclass.*not found|no storage class is set/i;

/** Why a pod that no node takes waits for a volume; undefined where all its volumes are there, or on their way. */
export async function volumeTrouble(place: Place, pod: Pod): Promise<Diagnosis | undefined> {
  if (pod.spec?.nodeName !== undefined) {
    return undefined;
  }
  for (const { persistentVolumeClaim: used } of pod.spec?.volumes ?? []) {
    const key = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
    const metadata = { name: used?.claimName ?? "", namespace: place.namespace };
    const claim = used && (await readIfThere<Claim>(place.context, { ...key, metadata }));
    const found = claim && diagnoseVolume(pod, claim, await eventsAbout(place, claim.metadata.uid));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/**
 * Why a claim gets no volume; undefined while that may still come.
 *
 * @param events what the cluster reported about the claim, oldest first
 */
export function diagnoseVolume(pod: Pod, claim: Claim, events: readonly PodEvent[]): Diagnosis | undefined {
  const failed = events.findLast(({ reason = "" }) => ["ProvisioningFailed", "FailedBinding"].includes(reason));
  if (claim.spec?.volumeName !== undefined || failed === undefined) {
    return undefined;
  }
  // Before that stand the driver and the gRPC status.
  const said = oneLine(failed.message).replace(/^.*\bdesc = /, "");
  return {
    ...whoseOf(pod, roleOfPod(pod)),
    outcome: "does not become ready",
    reason: failed.reason ?? "ProvisioningFailed",
    detail: `the volume ${claim.metadata.name} is not made (${said.replace(/\.$/, "")})`,
    log: "",
    ...adviceFor(claim, said),
  };
}

function adviceFor({ metadata, spec }: Claim, said: string): Advice {
  const { name, namespace = "default" } = metadata;
  const isMedia = name.endsWith("-media");
  const setClass = "`pulumi config set --path media.storageClass NAME`";
  if (isMedia && ofClass.test(said)) {
    return { nextStep: `name one that \`kubectl get storageclass\` lists, with ${setClass}`, patience: settledSeconds };
  }
  if (isMedia && spec?.accessModes?.includes("ReadWriteMany") && ofAccessMode.test(said)) {
    return {
      nextStep: `name a StorageClass whose volumes several nodes can share, with ${setClass}, or have all pods on one node, with \`pulumi config set --path media.accessMode ReadWriteOnce\``,
      patience: settledSeconds,
    };
  }
  return {
    nextStep: `look with \`kubectl --namespace ${namespace} describe pvc ${name}\` why the volume is not there: the cluster needs a StorageClass that makes volumes`,
    patience: "rollout",
  };
}

/** What helps a pod that its node cannot give a volume to; undefined for another event. */
export function mountAdvice({ reason = "", message = "" }: PodEvent, namespace: string): string | undefined {
  if (!["FailedAttachVolume", "FailedMount"].includes(reason)) {
    return undefined;
  }
  return /Multi-Attach|already (exclusively )?(used|attached)/.test(message)
    ? `end what has the volume on another node, which \`kubectl --namespace ${namespace} get pods --output wide\` shows`
    : `look with \`kubectl --namespace ${namespace} describe pods\` why the node does not get the volume`;
}
