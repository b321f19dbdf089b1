import assert from "node:assert/strict";

import { daemonsOf, isRunning, refuseUnsupportedHost, stopCluster } from "../../../../sandbox/cluster/cluster";
import { pair, local, worker } from "../../../../sandbox/cluster/kinds";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The sandbox", () => {
  it("runs on Linux as root", () => {
    refuseUnsupportedHost("linux", 0);
  });

  for (const platform of ["darwin", "win32"] as const) {
    it(`is refused on ${platform}, with the clusters that run there`, () => {
      assert.throws(
        () => {
          refuseUnsupportedHost(platform, platform === "win32" ? undefined : 0);
        },
        isProblem(
          `The sandbox needs Linux, and this is ${platform}; start Docker Desktop's Kubernetes and run \`npm run up -- dev\`, or minikube and \`npm run up -- minikube\`.`,
        ),
      );
    });
  }

  for (const [userId, said] of [
    [1000, "1000"],
    [undefined, "unknown"],
  ] as const) {
    it(`is refused to user ${said}, with how to become root`, () => {
      assert.throws(
        () => {
          refuseUnsupportedHost("linux", userId);
        },
        isProblem(
          `The sandbox needs root, and this is user ${said}; run \`sudo npm run up -- sandbox\`, or use a cluster of yours with \`npm run up -- dev\` or \`npm run up -- minikube\`.`,
        ),
      );
    });
  }
});

describe("The processes of a sandbox", () => {
  it("are the same for every kind with a control plane", () => {
    assert.deepEqual(daemonsOf(local), [
      ...["kube-proxy", "kubelet", "cri-dockerd", "kube-volume-provisioner"],
      ...["kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd", "dockerd"],
    ]);
    assert.deepEqual(daemonsOf(pair), daemonsOf(local));
  });

  it("are a node's alone for a kind that joins another", () => {
    assert.deepEqual(daemonsOf(worker), ["kube-proxy", "kubelet", "cri-dockerd", "dockerd"]);
  });
});

describe("A sandbox that was never started", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = folder.path();
  });

  it("does not run", async () => {
    assert.equal(await isRunning(local), false);
  });

  it("is stopped without any tools", async () => {
    process.env["PATH"] = folder.path();
    assert.deepEqual(await stopCluster(local), { stopped: false });
  });
});
