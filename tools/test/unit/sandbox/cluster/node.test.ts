import assert from "node:assert/strict";

import { isolated, pair, local, worker } from "../../../../sandbox/cluster/kinds";
import { nodeMonitoring } from "../../../../sandbox/cluster/controlPlane";
import { kubeletSettings } from "../../../../sandbox/cluster/node";
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

  it("have Kubernetes' default heartbeats where there is one node", () => {
    for (const kind of [local, isolated]) {
      assert.deepEqual(nodeMonitoring(kind), []);
      assert.equal(settings(kind).nodeLeaseDurationSeconds, undefined);
    }
  });

  it("have a heartbeat each second where there are two, and fail after three seconds without one", () => {
    assert.deepEqual(nodeMonitoring(pair), ["--node-monitor-period=200ms", "--node-monitor-grace-period=3s"]);
    for (const kind of [pair, worker]) {
      // The kubelet renews its lease after a quarter of its duration.
      assert.equal(settings(kind).nodeLeaseDurationSeconds, 4);
      assert.equal(settings(kind).nodeStatusUpdateFrequency, "1s");
    }
  });

  it("accept clients with a certificate by the authority of their cluster", () => {
    process.env["XDG_DATA_HOME"] = "/data";
    const file = "/data/kubernetes-django/clusters/pair/pki/cluster-ca.pem";
    for (const kind of [pair, worker]) {
      assert.equal(settings(kind).authentication.x509.clientCAFile, file);
    }
  });
});
