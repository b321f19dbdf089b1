import assert from "node:assert/strict";

import type { KubeContext } from "../../../components/targets/kubeconfig";
import {
  isRouted,
  type MinikubeProfile,
  publishedPort,
  reachOf,
  sharesDaemon,
} from "../../../components/targets/minikubeProfile";
import { isProblem } from "../helpers/problems";

const profile: MinikubeProfile = {
  name: "shop",
  driver: "docker",
  runtime: "docker",
  nodes: 1,
  address: "192.168.49.2",
  serverNames: [],
  serverPorts: [8443],
  network: "",
  publishedPorts: [],
};
const own = "https://192.168.49.2:8443";
const contextAt = (server: string): KubeContext => ({
  name: "local",
  server,
  ca: undefined,
  skipTlsVerify: false,
  client: undefined,
});

describe("A minikube profile", () => {
  const daemons: [expected: boolean, more: Partial<MinikubeProfile>][] = [
    [true, {}],
    [true, { driver: "kvm2" }],
    [false, { runtime: "containerd" }],
    [false, { runtime: "cri-o" }],
    [false, { nodes: 2 }],
    [false, { driver: "none" }],
  ];
  for (const [expected, more] of daemons) {
    it(`${expected ? "shares" : "does not share"} its daemon with ${JSON.stringify(more)}`, () => {
      assert.equal(sharesDaemon({ ...profile, ...more }), expected);
    });
  }

  const qemu: Partial<MinikubeProfile> = { driver: "qemu2", address: "127.0.0.1" };
  const servers: [routed: boolean, server: string, more: Partial<MinikubeProfile>, dockerHost?: string][] = [
    [true, own, {}, "tcp://192.168.49.2:2376"],
    [true, own, { runtime: "containerd" }],
    [true, own, { driver: "kvm2" }],
    // Several control planes have an address of their own, `--apiserver-name` a name, the add-on auto-pause a port.
    [true, "https://192.168.49.254:8443", { serverNames: ["192.168.49.254"] }],
    [true, "https://shop.test:8443", { serverNames: ["shop.test"] }],
    [true, "https://192.168.49.2:32443", { serverPorts: [8443, 32443] }],
    // Docker Desktop, WSL, a rootless engine
    [false, "https://127.0.0.1:49153", {}, "tcp://127.0.0.1:49154"],
    [false, "https://localhost:49153", { driver: "podman", runtime: "cri-o" }],
    [false, "https://shop.test:49153", { serverNames: ["shop.test"] }, "tcp://127.0.0.1:49154"],
    // an engine on another machine
    [false, "https://10.1.2.3:49153", {}, "tcp://10.1.2.3:49154"],
    // QEMU's built-in network
    [false, "https://localhost:51234", { ...qemu, network: "builtin" }, "tcp://127.0.0.1:51235"],
    [false, "https://127.0.0.1:51234", { ...qemu, network: "user" }, "tcp://127.0.0.1:51235"],
    [false, "https://localhost:51234", { ...qemu, driver: "qemu" }, "tcp://127.0.0.1:51235"],
    [true, "https://192.168.105.3:8443", { driver: "qemu2", network: "socket_vmnet", address: "192.168.105.3" }],
  ];
  for (const [routed, server, more, dockerHost] of servers) {
    it(`${routed ? "is" : "is not"} routed to whose context leads to ${server}, with ${JSON.stringify(more)}`, () => {
      assert.equal(isRouted({ ...profile, ...more }, contextAt(server), dockerHost), routed);
    });
  }

  const strange: [server: string, more: Partial<MinikubeProfile>, dockerHost?: string][] = [
    ["https://192.168.49.2:6443", {}],
    ["https://192.168.49.3:8443", {}],
    ["https://192.168.49.2", {}],
    ["https://127.0.0.1:49153", { driver: "kvm2" }],
    ["https://127.0.0.1:16443", { driver: "none" }],
    ["https://10.1.2.3:49153", { runtime: "containerd" }],
    // The daemon shows that nothing is forwarded.
    ["https://127.0.0.1:16443", {}, "tcp://192.168.49.2:2376"],
    ["https://127.0.0.1:49153", {}, "tcp://10.1.2.3:49154"],
    ["https://localhost:51234", { driver: "qemu2", network: "socket_vmnet" }],
  ];
  for (const [server, more, dockerHost] of strange) {
    it(`refuses a context that leads to ${server}, with ${JSON.stringify(more)} and daemon ${dockerHost ?? "not asked"}`, () => {
      assert.throws(
        () => isRouted({ ...profile, ...more }, contextAt(server), dockerHost),
        isProblem(
          `Kube context "local" leads to ${server}, and the minikube profile "shop" is at https://192.168.49.2:8443; run \`minikube update-context -p shop\`.`,
        ),
      );
    });
  }

  const reach = (
    more: Partial<MinikubeProfile>,
    server: string,
  ): { urlHost: string | undefined; port: number | undefined; command: string | undefined } => {
    const { urlHost, urlPort, openCommand } = reachOf({ ...profile, ...more }, "192.168.49.2", contextAt(server));
    return { urlHost, port: urlPort?.(30080), command: openCommand?.("django", "web") };
  };
  const serviceCommand = "minikube -p shop service -n django web --url";

  it("is reached at the address that minikube names, where that is routed to", () => {
    assert.deepEqual(reach({}, own), { urlHost: "192.168.49.2", port: undefined, command: undefined });
  });

  it("is reached by minikube's command alone, where nothing was published", () => {
    const expected = { urlHost: undefined, port: undefined, command: serviceCommand };
    assert.deepEqual(reach({}, "https://127.0.0.1:49153"), expected);
  });

  it("is reached at a published port of this machine, or by minikube's command", () => {
    const expected = { urlHost: "127.0.0.1", port: 8080, command: serviceCommand };
    assert.deepEqual(reach({ publishedPorts: ["8080:30080"] }, "https://localhost:49153"), expected);
  });

  it("in QEMU's built-in network is reached by kubectl alone, since `minikube service` refuses", () => {
    assert.deepEqual(reach(qemu, "https://localhost:51234"), {
      urlHost: undefined,
      port: undefined,
      command: "kubectl --context local -n django port-forward service/web 8000",
    });
  });

  const published: [port: number | undefined, entries: string[]][] = [
    [30080, ["30080:30080"]],
    [8080, ["9000:30090", "8080:30080"]],
    [8080, ["127.0.0.1:8080:30080/tcp"]],
    [30080, ["30000-32767:30000-32767"]],
    [8080, ["8000-8100:30000-30100"]],
    [undefined, []],
    [undefined, ["30081:30081"]],
    // Docker chooses a port of this machine.
    [undefined, ["30080"]],
    [undefined, ["127.0.0.1::30080"]],
    [undefined, ["nonsense"]],
  ];
  for (const [port, entries] of published) {
    it(`with ${JSON.stringify(entries)} published has NodePort 30080 at ${port ?? "no port"}`, () => {
      assert.equal(publishedPort(entries, 30080), port);
    });
  }
});
