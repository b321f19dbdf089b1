import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { writeServerCredentials, writeUserCredentials } from "../../../../sandbox/cluster/credentials";
import {
  authorityFolder,
  clusterFiles,
  clusterFolder,
  pair,
  pkiFolder,
  worker,
} from "../../../../sandbox/cluster/kinds";
import type { ClusterPlan } from "../../../../sandbox/cluster/plan";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

interface Kubeconfig {
  clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
  users: [{ user: { "client-certificate-data": string } }];
}

describe("The credentials of a sandbox", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const plan = { address: "192.168.50.2", nodeAddress: "192.168.50.2", ports: { apiServer: 8443 } } as ClusterPlan;

  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    process.env["XDG_DATA_HOME"] = folder.path("data");
    fs.mkdirSync(clusterFolder(pair), { recursive: true });
  });

  const read = (file: string): Kubeconfig => JSON.parse(fs.readFileSync(file, "utf8")) as Kubeconfig;
  const decode = (text: string): X509Certificate => new X509Certificate(Buffer.from(text, "base64"));

  it("let the API server be reached at each of its addresses and names", async () => {
    await writeServerCredentials(pair, plan);
    const certificate = new X509Certificate(fs.readFileSync(path.join(pkiFolder(pair), "apiserver.pem")));
    for (const address of ["127.0.0.1", "192.168.50.2", "10.96.0.1"]) {
      assert.equal(certificate.checkIP(address), address);
    }
    for (const name of ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]) {
      assert.equal(certificate.checkHost(name), name);
    }
    assert.equal(certificate.checkIP("192.168.50.3"), undefined);
  });

  it("give each user of the API server the name and group that Kubernetes grants rights to", async () => {
    await writeUserCredentials(pair, plan);
    const files = fs.readdirSync(pkiFolder(pair)).filter((name) => name.endsWith(".kubeconfig"));
    const subjects = files.map((name) => {
      const { users } = read(path.join(pkiFolder(pair), name));
      return [name, decode(users[0].user["client-certificate-data"]).subject];
    });
    assert.deepEqual(Object.fromEntries(subjects), {
      "controller-manager.kubeconfig": "CN=system:kube-controller-manager",
      "kubelet.kubeconfig": "O=system:nodes\nCN=system:node:kubernetes-django-pair",
      "kubernetes-django-volumes.kubeconfig": "CN=kubernetes-django-volumes",
      "proxy.kubeconfig": "CN=system:kube-proxy",
      "scheduler.kubeconfig": "CN=system:kube-scheduler",
    });
    const { clusters, users } = read(clusterFiles(pair).kubeconfig);
    assert.equal(clusters[0].cluster.server, "https://192.168.50.2:8443");
    assert.equal(decode(users[0].user["client-certificate-data"]).subject, "O=system:masters\nCN=admin");
    assert.equal(fs.statSync(clusterFiles(pair).kubeconfig).mode & 0o777, 0o600);
  });

  it("of a node that joins are for the API server that it joins, by the same authority", async () => {
    fs.mkdirSync(clusterFolder(worker), { recursive: true });
    const joined = { address: "192.168.50.2", port: 8443 };
    await writeUserCredentials(worker, { ...plan, address: "192.168.51.2", joined });
    const { clusters, users } = read(path.join(pkiFolder(worker), "kubelet.kubeconfig"));
    assert.equal(clusters[0].cluster.server, "https://192.168.50.2:8443");
    const authority = new X509Certificate(fs.readFileSync(path.join(authorityFolder(pair), "cluster-ca.pem")));
    const certificate = decode(users[0].user["client-certificate-data"]);
    assert.equal(certificate.subject, "O=system:nodes\nCN=system:node:kubernetes-django-worker");
    assert.ok(certificate.verify(authority.publicKey));
  });
});
