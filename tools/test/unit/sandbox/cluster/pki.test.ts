import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from "node:crypto";
import fs from "node:fs";

import { parse } from "yaml";

import { readKubeContext } from "../../../../../components/targets/kubeconfig";
import {
  type Authority,
  authority,
  issue,
  kubeconfig,
  serviceAccountKeys,
  writePair,
} from "../../../../sandbox/cluster/pki";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const permissions = (file: string): number => fs.statSync(file).mode & 0o777;
const certificateOf = (ca: Authority): X509Certificate => new X509Certificate(ca.certificate.toString("pem"));

describe("A certificate authority", () => {
  const folder = temporaryFolder();

  it("signs its own certificate, and may sign others", async () => {
    const certificate = certificateOf(await authority(folder.path("pki"), "cluster-ca"));
    assert.equal(certificate.subject, "CN=cluster-ca");
    assert.ok(certificate.ca);
    assert.ok(certificate.checkIssued(certificate));
    assert.ok(certificate.verify(certificate.publicKey));
  });

  it("keeps its key where only its owner can read it", async () => {
    await authority(folder.path("pki"), "cluster-ca");
    assert.equal(permissions(folder.path("pki")), 0o700);
    assert.equal(permissions(folder.path("pki", "cluster-ca-key.pem")), 0o600);
  });

  it("is the same at the next start, so that what it signed stays valid", async () => {
    const first = await authority(folder.path("pki"), "cluster-ca");
    const second = await authority(folder.path("pki"), "cluster-ca");
    assert.equal(second.certificate.toString("pem"), first.certificate.toString("pem"));
    const { certificatePem } = await issue(second, "CN=admin");
    assert.ok(new X509Certificate(certificatePem).verify(certificateOf(first).publicKey));
  });

  for (const [what, damage] of [
    ["one of its files is damaged", () => Promise.resolve("damaged")],
    ["its key is another one's", async () => (await issue(await authority(folder.path("o"), "o"), "CN=o")).keyPem],
  ] as const) {
    it(`is replaced when ${what}`, async () => {
      const first = await authority(folder.path("pki"), "cluster-ca");
      folder.write({ "pki/cluster-ca-key.pem": await damage() });
      const second = await authority(folder.path("pki"), "cluster-ca");
      assert.notEqual(second.certificate.toString("pem"), first.certificate.toString("pem"));
      const { certificatePem } = await issue(second, "CN=admin");
      assert.ok(new X509Certificate(certificatePem).verify(certificateOf(second).publicKey));
    });
  }

  it("is another under another name", async () => {
    const cluster = certificateOf(await authority(folder.path("pki"), "cluster-ca"));
    const { certificatePem } = await issue(await authority(folder.path("pki"), "docker-ca"), "CN=client");
    assert.equal(new X509Certificate(certificatePem).verify(cluster.publicKey), false);
  });
});

describe("A certificate that an authority issues", () => {
  const folder = temporaryFolder();
  const names = [
    { type: "ip", value: "127.0.0.1" },
    { type: "dns", value: "kubernetes.default.svc" },
  ] as const;

  it("is signed by it, fits its key and cannot sign others", async () => {
    const ca = await authority(folder.path(), "ca");
    const { certificatePem, keyPem } = await issue(ca, "CN=admin");
    const certificate = new X509Certificate(certificatePem);
    assert.ok(certificate.checkIssued(certificateOf(ca)));
    assert.ok(certificate.verify(certificateOf(ca).publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(keyPem)));
    assert.equal(certificate.ca, false);
  });

  it("is valid for clients and servers, since an hour ago and for years", async () => {
    const { certificatePem } = await issue(await authority(folder.path(), "ca"), "CN=admin");
    const { keyUsage, validFrom, validTo } = new X509Certificate(certificatePem);
    const [clientAuth, serverAuth] = ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"];
    assert.deepEqual(keyUsage, [clientAuth, serverAuth]);
    const minute = 60_000;
    const year = 365 * 24 * 60 * minute;
    assert.ok(new Date(validFrom).getTime() < Date.now() - 30 * minute);
    assert.ok(new Date(validTo).getTime() > Date.now() + 9 * year);
  });

  it("carries the user and group that Kubernetes reads from it", async () => {
    const { certificatePem } = await issue(await authority(folder.path(), "ca"), "O=system:masters, CN=admin");
    assert.equal(new X509Certificate(certificatePem).subject, "O=system:masters\nCN=admin");
  });

  it("is a server's for exactly the given names", async () => {
    const { certificatePem } = await issue(await authority(folder.path(), "ca"), "CN=kube-apiserver", [...names]);
    const certificate = new X509Certificate(certificatePem);
    assert.equal(certificate.subjectAltName, "IP Address:127.0.0.1, DNS:kubernetes.default.svc");
    assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
    assert.equal(certificate.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
    assert.equal(certificate.checkIP("127.0.0.2"), undefined);
  });

  it("is written with a key that only its owner can read", async () => {
    const pair = await issue(await authority(folder.path(), "ca"), "CN=admin");
    await writePair(folder.path("pki"), "admin", pair);
    assert.equal(fs.readFileSync(folder.path("pki", "admin.pem"), "utf8"), pair.certificatePem);
    assert.equal(fs.readFileSync(folder.path("pki", "admin-key.pem"), "utf8"), pair.keyPem);
    assert.equal(permissions(folder.path("pki", "admin-key.pem")), 0o600);
  });
});

describe("The keys of service accounts", () => {
  const folder = temporaryFolder();
  const read = (name: string): string => fs.readFileSync(folder.path(name), "utf8");

  it("sign what the public one verifies, and only their owner can read the private one", async () => {
    await serviceAccountKeys(folder.path());
    const token = Buffer.from("token");
    const signature = sign("sha256", token, createPrivateKey(read("service-account-key.pem")));
    assert.ok(verify("sha256", token, createPublicKey(read("service-account.pem")), signature));
    assert.equal(permissions(folder.path("service-account-key.pem")), 0o600);
  });

  it("stay the same, so that tokens stay valid after a restart", async () => {
    await serviceAccountKeys(folder.path());
    const before = [read("service-account.pem"), read("service-account-key.pem")];
    await serviceAccountKeys(folder.path());
    assert.deepEqual([read("service-account.pem"), read("service-account-key.pem")], before);
  });
});

describe("The kubeconfig of the sandbox", () => {
  const folder = temporaryFolder();

  it("has one context, the current one, which the program can read", async () => {
    const ca = await authority(folder.path(), "ca");
    const pair = await issue(ca, "O=system:masters, CN=admin");
    const text = kubeconfig("sandbox", "https://127.0.0.1:16443", ca, pair);
    folder.write({ kubeconfig: text });
    const file = folder.path("kubeconfig");
    assert.deepEqual(readKubeContext([file], "sandbox", ""), {
      name: "sandbox",
      server: "https://127.0.0.1:16443",
      ca: ca.certificate.toString("pem"),
      skipTlsVerify: false,
      client: { cert: pair.certificatePem, key: pair.keyPem },
    });
    const { contexts, ...rest } = parse(text) as Record<string, unknown>;
    assert.equal((contexts as unknown[]).length, 1);
    assert.equal(rest["current-context"], "sandbox");
    assert.deepEqual([rest["apiVersion"], rest["kind"]], ["v1", "Config"]);
  });
});
