import assert from "node:assert/strict";

import { type HostPlan, isHostRunning, rules, stopHost } from "../../../../sandbox/minikube/host";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The Docker Engine of a real minikube", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("has its own network and the node's forwarded for this machine alone, each by rules that name it", () => {
    const plan = { podNetwork: "172.27", nodeNetwork: "192.168.58" } as HostPlan;
    const lines = rules(plan).map(({ table, chain, match }) => [table, chain, ...match].join(" "));
    const comment = "-m comment --comment kubernetes-django-minikube";
    const refused = `! -i kdj-+ -m conntrack ! --ctstate RELATED,ESTABLISHED ${comment} -j DROP`;
    assert.deepEqual(
      lines,
      [
        ["172.27.0.0/16", "172.27.0.1"],
        ["192.168.58.0/24", "192.168.58.1"],
      ].flatMap(([subnet, address]) => [
        `nat POSTROUTING -s ${subnet} ! -d ${subnet} ${comment} -j MASQUERADE`,
        `filter FORWARD -s ${subnet} ${comment} -j ACCEPT`,
        `filter FORWARD -d ${subnet} ${comment} -j ACCEPT`,
        `mangle FORWARD -d ${subnet} ${refused}`,
        `mangle INPUT -d ${address} -m addrtype ! --src-type LOCAL ${refused}`,
      ]),
    );
  });

  it("that was never started does not run, and needs no command to be stopped", async () => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    assert.equal(isHostRunning(), false);
    await stopHost({ PATH: folder.path() });
  });
});
