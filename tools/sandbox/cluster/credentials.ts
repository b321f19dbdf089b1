import path from "node:path";

import { writeWhole } from "../../wholeFile";
import { authorityFolder, clusterFiles, type ClusterKind, pkiFolder } from "./kinds";
import { authority, issue, kubeconfig, serviceAccountKeys, writePair } from "./pki";
import { apiServerOf, type ClusterPlan } from "./plan";
import { volumesUser } from "./volumes";

const authorityName = "cluster-ca";
/** Of etcd alone: whoever has a certificate by it reads and writes everything, so no user of the cluster has one. */
export const etcdAuthority = "etcd-ca";

const users: Record<string, string> = {
  admin: "O=system:masters, CN=admin",
  "controller-manager": "CN=system:kube-controller-manager",
  scheduler: "CN=system:kube-scheduler",
  // Its subject contains the node's name.
  kubelet: "",
  proxy: "CN=system:kube-proxy",
  [volumesUser]: `CN=${volumesUser}`,
};

/** Writes the certificates of the API server and of etcd, and the keys of service accounts. */
export async function writeServerCredentials(kind: ClusterKind, plan: ClusterPlan): Promise<void> {
  const pki = pkiFolder(kind);
  const ca = await authority(pki, authorityName);
  await serviceAccountKeys(pki);
  const addresses = [...new Set(["127.0.0.1", plan.address, plan.nodeAddress, "10.96.0.1"])];
  await writePair(
    pki,
    "apiserver",
    await issue(ca, "CN=kube-apiserver", [
      ...addresses.map((value) => ({ type: "ip" as const, value })),
      ...["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"].map((value) => ({
        type: "dns" as const,
        value,
      })),
    ]),
  );
  await writePair(pki, "kubelet-client", await issue(ca, "O=system:masters, CN=kube-apiserver-kubelet-client"));
  const etcd = await authority(pki, etcdAuthority);
  await writePair(pki, "etcd", await issue(etcd, "CN=etcd", [{ type: "ip", value: "127.0.0.1" }]));
  await writePair(pki, "etcd-client", await issue(etcd, "CN=kube-apiserver"));
}

/** Writes a kubeconfig for each of the API server's users, with a certificate by the authority of the node's cluster. */
export async function writeUserCredentials(kind: ClusterKind, plan: ClusterPlan): Promise<void> {
  const pki = pkiFolder(kind);
  const ca = await authority(authorityFolder(kind), authorityName);
  const { address, port } = apiServerOf(plan);
  for (const [user, subject] of Object.entries(users)) {
    const pair = await issue(ca, subject || `O=system:nodes, CN=system:node:${kind.context}`);
    await writePair(pki, user, pair);
    const file = user === "admin" ? clusterFiles(kind).kubeconfig : path.join(pki, `${user}.kubeconfig`);
    writeWhole(file, kubeconfig(kind.context, `https://${address}:${port}`, ca, pair));
  }
}
