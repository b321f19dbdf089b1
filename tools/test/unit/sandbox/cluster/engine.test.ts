import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { stopDaemon } from "../../../../sandbox/cluster/daemons";
import { startEngine } from "../../../../sandbox/cluster/engine";
import { clusterFiles, clusterFolder, type ClusterKind, isolated, local } from "../../../../sandbox/cluster/kinds";
import type { ClusterPlan } from "../../../../sandbox/cluster/plan";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The Docker Engine of a sandbox", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const plan = { address: "192.168.49.2" } as ClusterPlan;
  // The start of an engine ends the builds below this name: those of a sandbox that is in use have to go on.
  const bridge = `kdj-${process.pid}`;

  before(function () {
    if (process.platform !== "linux") {
      this.skip();
    }
  });

  /** Starts a `dockerd` that only sleeps, and returns its settings. */
  const settings = async (kind: ClusterKind): Promise<Record<string, unknown>> => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    process.env["XDG_DATA_HOME"] = folder.path("data");
    fs.mkdirSync(clusterFolder(kind), { recursive: true });
    folder.write({
      "bin/dockerd": { executable: "#!/bin/sh\nexec sleep 60\n" },
      "bin/docker": { executable: "#!/bin/sh\necho Version: 27\n" },
      "bin/nsenter": { executable: '#!/bin/sh\nshift\nexec "$@"\n' },
    });
    try {
      await startEngine({ ...kind, bridge }, plan, { PATH: `${folder.path("bin")}:/usr/bin:/bin` });
    } finally {
      await stopDaemon(clusterFolder(kind), "dockerd", 0);
    }
    return JSON.parse(fs.readFileSync(path.join(clusterFolder(kind), "daemon.json"), "utf8")) as Record<
      string,
      unknown
    >;
  };

  it("keeps its data and its socket in the sandbox's folder, and sets no firewall rules", async () => {
    const { "data-root": data, hosts, bridge: used, iptables, ip6tables, features } = await settings(local);
    assert.equal(data, path.join(clusterFolder(local), "docker"));
    assert.deepEqual(hosts, [`unix://${clusterFiles(local).dockerSocket}`]);
    assert.deepEqual([used, iptables, ip6tables], [bridge, false, false]);
    assert.deepEqual(features, { "containerd-snapshotter": false });
  });

  it("keeps images in containerd's store where the kind says so", async () => {
    const { features } = await settings({ ...local, containerdStore: true });
    assert.deepEqual(features, { "containerd-snapshotter": true });
  });

  it("listens with TLS on the node's address where the kind has a port, and the client has its files", async () => {
    const { hosts, tlsverify, tlscacert, tlscert } = await settings(isolated);
    assert.deepEqual(hosts, [`unix://${clusterFiles(isolated).dockerSocket}`, "tcp://192.168.49.2:2376"]);
    assert.equal(tlsverify, true);
    const authority = new X509Certificate(fs.readFileSync(tlscacert as string));
    assert.equal(new X509Certificate(fs.readFileSync(tlscert as string)).checkIP("192.168.49.2"), "192.168.49.2");
    const { dockerCerts } = clusterFiles(isolated);
    assert.deepEqual(fs.readdirSync(dockerCerts).sort(), ["ca.pem", "cert.pem", "key.pem"]);
    const client = new X509Certificate(fs.readFileSync(path.join(dockerCerts, "cert.pem")));
    assert.ok(client.verify(authority.publicKey));
    assert.equal(fs.statSync(path.join(dockerCerts, "key.pem")).mode & 0o777, 0o600);
  });

  it("is refused where its socket's path is longer than the kernel allows", async () => {
    process.env["XDG_CACHE_HOME"] = `/${"x".repeat(80)}`;
    await assert.rejects(
      startEngine(local, plan, {}),
      isProblem(
        `The path of the sandbox's Docker socket, ${clusterFiles(local).dockerSocket}, is longer than the 107 bytes that Linux allows; set XDG_CACHE_HOME to a folder with a shorter path.`,
      ),
    );
  });
});
