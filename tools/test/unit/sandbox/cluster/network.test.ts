import assert from "node:assert/strict";
import fs from "node:fs";
import { mock } from "node:test";

import { type ClusterKind, isolated, local, worker } from "../../../../sandbox/cluster/kinds";
import { addBridge, inside, setUpNetwork, tearDownNetwork } from "../../../../sandbox/cluster/network";
import type { ClusterPlan } from "../../../../sandbox/cluster/plan";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const listing = [
  "-P POSTROUTING ACCEPT",
  "-N DOCKER",
  "-N KUBE-POSTROUTING",
  "-A POSTROUTING -j MASQUERADE",
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  "-A DOCKER -j RETURN",
].join("\n");

describe("The network of the sandbox", () => {
  const folder = temporaryFolder();
  const ports = { proxyMetrics: 16447 };
  const plan = { podNetwork: "172.30", nodeAddress: "192.168.51.2", ports } as unknown as ClusterPlan;

  /** What the tools are asked while `work` lasts; they do nothing. */
  const asked = async (work: (environment: NodeJS.ProcessEnv) => Promise<void>): Promise<string[]> => {
    const log = folder.path("log");
    const script = `#!/bin/sh\necho "$(basename "$0") $*" >>${log}\n`;
    for (const name of ["ip", "kube-proxy", "nsenter", "ip6tables", "modprobe"]) {
      folder.write({ [`bin/${name}`]: { executable: script } });
    }
    const list = `case "$*" in *"-t nat -S") cat <<'LISTING'\n${listing}\nLISTING\nesac\n`;
    folder.write({ "bin/iptables": { executable: script + list }, log: "" });
    await work({ PATH: `${folder.path("bin")}:/usr/bin:/bin` });
    return fs.readFileSync(log, "utf8").trimEnd().split("\n");
  };
  const tearDown = async (kind: ClusterKind): Promise<string[]> =>
    await asked(async (environment) => {
      await tearDownNetwork(kind, plan, environment);
    });
  afterEach(() => {
    mock.restoreAll();
  });
  const marked = "-m comment --comment kubernetes-django-sandbox";
  const refused = `! -i kdj-+ -m conntrack ! --ctstate RELATED,ESTABLISHED ${marked} -j DROP`;

  it("of the isolated kind is entered in a way that leaves /sys as it is", () => {
    assert.deepEqual(inside(isolated), ["nsenter", "--net=/var/run/netns/kdj-isolated"]);
    assert.deepEqual(inside(local), []);
  });

  it("has a bridge that carries the pods, with the machine's address on it", async () => {
    const commands = await asked(async (environment) => {
      await addBridge("kdj-x", "172.30.0.1/16", environment, ["nsenter", "--net=/n"]);
    });
    assert.deepEqual(commands, [
      "nsenter --net=/n ip link add kdj-x type bridge",
      "nsenter --net=/n ip address add 172.30.0.1/16 dev kdj-x",
      "nsenter --net=/n ip link set kdj-x up",
    ]);
  });

  it("of a node in a namespace is made there, with a route to its pods and the host's rules for its link", async () => {
    // The kernel's settings are as they have to be: none is written.
    mock.method(fs.promises, "readFile", (): Promise<string> => Promise.resolve("1"));
    const commands = await asked(async (environment) => {
      await setUpNetwork(worker, plan, environment);
    });
    const node = "nsenter --net=/var/run/netns/kdj-worker";
    const host = commands.filter((command) => !command.startsWith(node));
    assert.deepEqual(host, [
      "ip netns add kdj-worker",
      "ip link add kdj-worker-node type veth peer name eth0 netns kdj-worker",
      "ip address add 192.168.51.1/24 dev kdj-worker-node",
      "ip link set kdj-worker-node up",
      "ip route add 172.30.0.0/16 via 192.168.51.2",
      `iptables -w -t nat -I POSTROUTING -s 192.168.51.0/24 ! -d 192.168.51.0/24 ${marked} -j MASQUERADE`,
      `iptables -w -t filter -I FORWARD -i kdj-worker-node ${marked} -j ACCEPT`,
      `iptables -w -t filter -I FORWARD -o kdj-worker-node ${marked} -j ACCEPT`,
      `iptables -w -t mangle -I FORWARD -o kdj-worker-node ${refused}`,
      `iptables -w -t mangle -I INPUT -d 192.168.51.1 -m addrtype ! --src-type LOCAL ${refused}`,
      "modprobe br_netfilter",
    ]);
    assert.deepEqual(
      commands.filter((command) => command.startsWith(`${node} iptables`)),
      [
        `${node} iptables -w -t nat -I POSTROUTING -s 172.30.0.0/16 ! -o kdj-worker ${marked} -j MASQUERADE`,
        `${node} iptables -w -t filter -I FORWARD -i kdj-worker ${marked} -j ACCEPT`,
        `${node} iptables -w -t filter -I FORWARD -o kdj-worker ${marked} -j ACCEPT`,
      ],
    );
  });

  it("of the local kind is removed with its rules and Kubernetes' chains, and no other chain", async () => {
    const changes = (await tearDown(local)).filter((command) => !command.endsWith(" -S"));
    assert.deepEqual(changes, [
      `iptables -w -t nat -D POSTROUTING -s 172.30.0.0/16 ! -o kdj-shared ${marked} -j MASQUERADE`,
      `iptables -w -t filter -D FORWARD -i kdj-shared ${marked} -j ACCEPT`,
      `iptables -w -t filter -D FORWARD -o kdj-shared ${marked} -j ACCEPT`,
      `iptables -w -t mangle -D FORWARD -o kdj-shared ${refused}`,
      `iptables -w -t mangle -D INPUT -d 172.30.0.1 -m addrtype ! --src-type LOCAL ${refused}`,
      `iptables -w -t filter -D OUTPUT -d 127.0.0.1 -p tcp --dport 16447 -m owner ! --uid-owner 0 ${marked} -j REJECT`,
      `iptables -w -t mangle -D PREROUTING -d 127.0.0.0/8 ! -i lo ${marked} -j DROP`,
      "kube-proxy --cleanup",
      "iptables -w -t nat -D POSTROUTING -m comment --comment kubernetes postrouting rules -j KUBE-POSTROUTING",
      "iptables -w -t nat -F KUBE-POSTROUTING",
      "iptables -w -t nat -X KUBE-POSTROUTING",
      "ip link delete kdj-shared",
    ]);
  });

  it("of the isolated kind is removed with the host's rules for it", async () => {
    assert.deepEqual(
      await tearDown({
        ...isolated,
        namespace: { name: "no-such-namespace", link: "kdj-node", network: "192.168.49" },
      }),
      [
        `iptables -w -t nat -D POSTROUTING -s 192.168.49.0/24 ! -d 192.168.49.0/24 ${marked} -j MASQUERADE`,
        `iptables -w -t filter -D FORWARD -i kdj-node ${marked} -j ACCEPT`,
        `iptables -w -t filter -D FORWARD -o kdj-node ${marked} -j ACCEPT`,
        `iptables -w -t mangle -D FORWARD -o kdj-node ${refused}`,
        `iptables -w -t mangle -D INPUT -d 192.168.49.1 -m addrtype ! --src-type LOCAL ${refused}`,
        "ip link delete kdj-node",
      ],
    );
  });
});
