import fs from "node:fs/promises";
import path from "node:path";

import { apiApply } from "./api";
import { startDaemon } from "./daemons";
import { clusterData, clusterFolder, type ClusterKind, pkiFolder } from "./kinds";
import { inside } from "./network";
import type { ClusterPlan } from "./plan";

/** The process that makes and deletes the volumes. */
export const volumesDaemon = "kube-volume-provisioner";
/** Its user at the API server. */
export const volumesUser = "kubernetes-django-volumes";

/** As on minikube and Docker Desktop, a claim without a class gets a folder of the node. */
const storageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "kubernetes-django-sandbox/hostpath",
  reclaimPolicy: "Delete",
  // All folders are on one node: pods are scheduled to their volumes, so no volume has to wait for its pod.
  volumeBindingMode: "Immediate",
};

const permission = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: volumesUser },
  roleRef: {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: "system:persistent-volume-provisioner",
  },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: volumesUser }],
};

/** Makes the cluster's default StorageClass and starts its provisioner; the API server has to be ready. */
export async function startVolumes(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const folder = clusterFolder(kind);
  const volumes = path.join(clusterData(kind), "volumes");
  await fs.mkdir(volumes, { recursive: true });
  await apiApply(kind, plan, permission);
  await apiApply(kind, plan, storageClass);
  const flags = [
    `--kubeconfig=${pkiFolder(kind)}/${volumesUser}.kubeconfig`,
    `--folder=${volumes}`,
    `--node=${kind.context}`,
  ];
  startDaemon(folder, { name: volumesDaemon, command: [...inside(kind), volumesDaemon, ...flags], environment });
}
