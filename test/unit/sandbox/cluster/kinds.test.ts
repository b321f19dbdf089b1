import assert from "node:assert/strict";

import { clusterFiles, isolated, shared } from "../../../../sandbox/cluster/kinds";
import { ownEnvironment } from "../../helpers/environment";

describe("The kinds of cluster", () => {
  ownEnvironment();

  it("keep their files apart in the user's cache folder", () => {
    process.env["XDG_CACHE_HOME"] = "/cache";
    assert.deepEqual(clusterFiles(shared), {
      kubeconfig: "/cache/kubernetes-django/clusters/shared/kubeconfig",
      dockerSocket: "/cache/kubernetes-django/clusters/shared/docker.sock",
      dockerCerts: "/cache/kubernetes-django/clusters/shared/pki/docker-client",
    });
    assert.equal(clusterFiles(isolated).kubeconfig, "/cache/kubernetes-django/clusters/isolated/kubeconfig");
  });

  it("can run side by side: they share no context, interface or namespace", () => {
    const names = [shared, isolated].flatMap(({ context, bridge, namespace }) => [context, bridge, namespace?.link]);
    const known = names.filter((name) => name !== undefined);
    assert.equal(known.length, 5);
    assert.equal(new Set(known).size, 5);
  });

  it("name interfaces as the kernel allows", () => {
    for (const { bridge, namespace } of [shared, isolated]) {
      assert.match(bridge, /^[a-z-]{1,15}$/);
      assert.match(namespace?.link ?? "eth0", /^[a-z0-9-]{1,15}$/);
    }
  });
});
