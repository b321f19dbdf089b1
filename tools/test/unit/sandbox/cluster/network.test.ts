import assert from "node:assert/strict";
import fs from "node:fs";

import { isolated, local } from "../../../../sandbox/cluster/kinds";
import { inside, tearDownNetwork } from "../../../../sandbox/cluster/network";
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
  const plan = { podNetwork: "172.30", sysctls: {} } as unknown as ClusterPlan;

  /** Tools that write down what they are asked, and do nothing. */
  const tearDown = async (kind: typeof local): Promise<string[]> => {
    const log = folder.path("log");
    const script = `#!/bin/sh\necho "$(basename "$0") $*" >>${log}\n`;
    for (const name of ["ip", "kube-proxy", "nsenter", "ip6tables"]) {
      folder.write({ [`bin/${name}`]: { executable: script } });
    }
    const list = `case "$*" in *"-t nat -S") cat <<'LISTING'\n${listing}\nLISTING\nesac\n`;
    folder.write({ "bin/iptables": { executable: script + list }, log: "" });
    await tearDownNetwork(kind, plan, { PATH: `${folder.path("bin")}:/usr/bin:/bin` });
    return fs.readFileSync(log, "utf8").trimEnd().split("\n");
  };
  const marked = "-m comment --comment kubernetes-django-sandbox";

  it("of the isolated kind is entered without a look at /sys", () => {
    assert.deepEqual(inside(isolated), ["nsenter", "--net=/var/run/netns/kdj-isolated"]);
    assert.deepEqual(inside(local), []);
  });

  it("of the local kind is taken away with its rules and Kubernetes' chains, and nobody else's", async () => {
    const changes = (await tearDown(local)).filter((command) => !command.endsWith(" -S"));
    assert.deepEqual(changes, [
      `iptables -w -t nat -D POSTROUTING -s 172.30.0.0/16 ! -o kdj-shared ${marked} -j MASQUERADE`,
      `iptables -w -t filter -D FORWARD -i kdj-shared ${marked} -j ACCEPT`,
      `iptables -w -t filter -D FORWARD -o kdj-shared ${marked} -j ACCEPT`,
      "kube-proxy --cleanup",
      "iptables -w -t nat -D POSTROUTING -m comment --comment kubernetes postrouting rules -j KUBE-POSTROUTING",
      "iptables -w -t nat -F KUBE-POSTROUTING",
      "iptables -w -t nat -X KUBE-POSTROUTING",
      "ip link delete kdj-shared",
    ]);
  });

  it("of the isolated kind is taken away with the host's rules for it", async () => {
    assert.deepEqual(
      await tearDown({
        ...isolated,
        namespace: { name: "no-such-namespace", link: "kdj-node", network: "192.168.49" },
      }),
      [
        `iptables -w -t nat -D POSTROUTING -s 192.168.49.0/24 ! -d 192.168.49.0/24 ${marked} -j MASQUERADE`,
        `iptables -w -t filter -D FORWARD -i kdj-node ${marked} -j ACCEPT`,
        `iptables -w -t filter -D FORWARD -o kdj-node ${marked} -j ACCEPT`,
        "ip link delete kdj-node",
      ],
    );
  });
});
