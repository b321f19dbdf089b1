import assert from "node:assert/strict";

import { isolated, pair, local, worker } from "../../../../sandbox/cluster/kinds";
import { kubeletSettings, nodeMonitoring } from "../../../../sandbox/cluster/kubernetes";
import type { ClusterPlan } from "../../../../sandbox/cluster/plan";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";

interface Settings {
  nodeStatusUpdateFrequency?: string;
  nodeLeaseDurationSeconds?: number;
  authentication: { x509: { clientCAFile: string } };
}

const plan = { nodeAddress: "192.168.50.2", ports: {} } as unknown as ClusterPlan;
const settings = (kind: typeof pair): Settings => kubeletSettings(kind, plan) as Settings;

describe("The nodes of the sandbox", () => {
  ownEnvironment();

  it("are given up as late as Kubernetes does by default where there is one alone", () => {
    for (const kind of [local, isolated]) {
      assert.deepEqual(nodeMonitoring(kind), []);
      assert.equal(settings(kind).nodeLeaseDurationSeconds, undefined);
    }
  });

  it("give a sign of life each second where there are two, and are given up after four without", () => {
    assert.deepEqual(nodeMonitoring(pair), ["--node-monitor-period=200ms", "--node-monitor-grace-period=3s"]);
    for (const kind of [pair, worker]) {
      // The kubelet renews its lease when a quarter of it is over.
      assert.equal(settings(kind).nodeLeaseDurationSeconds, 4);
      assert.equal(settings(kind).nodeStatusUpdateFrequency, "1s");
    }
  });

  it("let in whom the authority of their cluster vouches for", () => {
    process.env["XDG_CACHE_HOME"] = "/cache";
    const file = "/cache/kubernetes-django/clusters/pair/pki/cluster-ca.pem";
    for (const kind of [pair, worker]) {
      assert.equal(settings(kind).authentication.x509.clientCAFile, file);
    }
  });
});
