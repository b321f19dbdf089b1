import assert from "node:assert/strict";

import { authorityFolder, clusterFiles, isolated, kinds, pair, local, worker } from "../../../../sandbox/cluster/kinds";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";

describe("The kinds of cluster", () => {
  ownEnvironment();

  it("keep their files in their own folders of the user's cache, and their keys with their data", () => {
    Object.assign(process.env, { XDG_CACHE_HOME: "/cache", XDG_DATA_HOME: "/data" });
    assert.deepEqual(clusterFiles(local), {
      kubeconfig: "/cache/kubernetes-django/clusters/shared/kubeconfig",
      dockerSocket: "/cache/kubernetes-django/clusters/shared/docker.sock",
      dockerCerts: "/data/kubernetes-django/clusters/shared/pki/docker-client",
    });
    assert.equal(clusterFiles(isolated).kubeconfig, "/cache/kubernetes-django/clusters/isolated/kubeconfig");
  });

  it("can run side by side: they share no context, interface or namespace", () => {
    const names = kinds.flatMap(({ context, bridge, namespace }) => [context, bridge, namespace?.link]);
    const known = names.filter((name) => name !== undefined);
    assert.equal(known.length, 11);
    assert.equal(new Set(known).size, 11);
  });

  it("that carry packets to each other's pods share no network for them", () => {
    const networks = kinds.filter(({ namespace }) => namespace?.routesPods).map(({ podNetworks }) => podNetworks);
    assert.equal(networks.length, 2);
    // Nor with other kinds: this machine would have two routes for one network.
    const all = [...networks, local.podNetworks].flat();
    assert.equal(new Set(all).size, all.length);
  });

  it("share one certificate authority with the nodes of their cluster", () => {
    process.env["XDG_DATA_HOME"] = "/data";
    assert.equal(authorityFolder(pair), "/data/kubernetes-django/clusters/pair/pki");
    assert.equal(authorityFolder(worker), authorityFolder(pair));
    assert.notEqual(authorityFolder(local), authorityFolder(pair));
  });

  it("name interfaces as the kernel allows", () => {
    for (const { bridge, namespace } of kinds) {
      assert.match(bridge, /^[a-z-]{1,15}$/);
      assert.match(namespace?.link ?? "eth0", /^[a-z0-9-]{1,15}$/);
    }
  });
});
