import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";

import { clusterFolder, isolated, pair, local, worker } from "../../../../sandbox/cluster/kinds";
import {
  apiServerOf,
  type ClusterPlan,
  forgetPlan,
  freeNetwork,
  freePorts,
  makePlan,
  readPlan,
  refuseTaken,
  writePlan,
} from "../../../../sandbox/cluster/plan";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The network of the pods", () => {
  const candidates = ["172.30", "172.3", "10.222"];

  it("is the first candidate in which the machine has no address", () => {
    assert.equal(freeNetwork(candidates, ["127.0.0.1", "192.168.1.5", "::1"]), "172.30");
    assert.equal(freeNetwork(candidates, ["172.30.0.1", "127.0.0.1"]), "172.3");
  });

  it("differs from another that begins with the same digits", () => {
    assert.equal(freeNetwork(["172.3"], ["172.30.0.1"]), "172.3");
  });

  it("is refused when all are taken, with their names", () => {
    assert.throws(
      () => freeNetwork(["172.30", "10.222"], ["10.222.1.1", "172.30.0.1"]),
      isProblem(
        "No network is free for the sandbox: this machine has addresses in all of 172.30, 10.222; run `ip address` and remove one that is not needed.",
      ),
    );
  });
});

describe("The ports", () => {
  const occupied: net.Server[] = [];
  const occupy = async (host: string, port = 0): Promise<number> => {
    const server = net.createServer();
    occupied.push(server);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
    return (server.address() as net.AddressInfo).port;
  };

  afterEach(async () => {
    await Promise.all(occupied.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    it(`exclude one that is in use on ${host}`, async () => {
      const taken = await occupy(host);
      const [first] = await freePorts(taken, 1);
      assert.ok(first !== undefined && first > taken);
    });
  }

  it("can be listened on afterwards, each on its own", async () => {
    const ports = await freePorts(await occupy("127.0.0.1"), 3);
    assert.equal(new Set(ports).size, 3);
    for (const port of ports) {
      assert.equal(await occupy("0.0.0.0", port), port);
    }
  });

  it("are counted up past those in use", async () => {
    const isFree = (port: number): Promise<boolean> => Promise.resolve(port % 2 === 0);
    assert.deepEqual(await freePorts(16443, 3, isFree), [16444, 16446, 16448]);
  });

  it("are refused when too few are free, with the range that was tried", async () => {
    const isFree = (port: number): Promise<boolean> => Promise.resolve(port === 16942 || port === 16943);
    await assert.rejects(
      freePorts(16443, 2, isFree),
      isProblem(
        "Only 1 of the 2 ports that the sandbox needs are free between 16443 and 16942; run `ss -ltnp` to see the processes that use them.",
      ),
    );
  });
});

describe("A name that something else uses", () => {
  const rules = "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\nCOMMIT\n";

  it("is accepted when the kind does not use it", () => {
    refuseTaken(local, ["lo", "eth0", "docker0", "kdj-isolated", "kdj-node"], "*nat\n:DOCKER - [0:0]\n");
    refuseTaken(isolated, ["lo", "eth0", "docker0", "kdj-shared"], "");
  });

  for (const [kind, name] of [
    [local, "kdj-shared"],
    [isolated, "kdj-isolated"],
    [isolated, "kdj-node"],
  ] as const) {
    it(`is refused as the interface ${name} of the ${kind.name} kind`, () => {
      assert.throws(
        () => {
          refuseTaken(kind, ["lo", name], "");
        },
        isProblem(
          `The network interface ${name} exists, although the sandbox is not running; run \`ip link delete ${name}\` if nothing uses it.`,
        ),
      );
    });
  }

  it("is refused as another Kubernetes node's rules", () => {
    assert.throws(() => {
      refuseTaken(local, ["lo"], rules);
    }, isProblem("Another Kubernetes node runs on this machine (its iptables chain KUBE-SERVICES exists), and a second one would overwrite its rules; use that cluster with `npm run up -- minikube` or `npm run up -- dev`, or stop it first."));
  });

  it("is accepted as another node's rules for a kind in its own network namespace", () => {
    refuseTaken(isolated, ["lo"], rules);
  });
});

describe("The plan of a cluster", () => {
  const folder = temporaryFolder();
  const plan = {
    address: "127.0.0.1",
    podNetwork: "172.30",
    sysctls: { "vm/overcommit_memory": "0" },
  } as unknown as ClusterPlan;

  it("is kept until it is forgotten", async () => {
    assert.equal(await readPlan(folder.path()), undefined);
    writePlan(folder.path(), plan);
    assert.deepEqual(await readPlan(folder.path()), plan);
    await forgetPlan(folder.path());
    assert.equal(await readPlan(folder.path()), undefined);
    await forgetPlan(folder.path());
  });

  it("does not count as missing when it cannot be read", async () => {
    fs.mkdirSync(folder.path("plan.json"));
    await assert.rejects(readPlan(folder.path()), { code: "EISDIR" });
  });

  it("is refused when a full disk left a part of it", async () => {
    for (const [text, how] of [
      ["", "empty"],
      ['{"address":', "damaged"],
    ] as const) {
      folder.write({ "plan.json": text });
      await assert.rejects(
        readPlan(folder.path()),
        isProblem(
          `${folder.path("plan.json")}, which says what the sandbox has on this machine, is ${how}; restart this machine, which ends what is left of it, and delete the file.`,
        ),
      );
    }
  });
});

describe("Clusters that start at once", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("get ports and a network of their own, though none is in use yet", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    process.env["XDG_CACHE_HOME"] = folder.path();
    const free = { ...isolated, bridge: "kdj-free", namespace: { name: "f", link: "kdj-f", network: "203.0.113" } };
    const first = await makePlan(free, "");
    const second = await makePlan({ ...local, bridge: "kdj-free" }, "", [first]);
    assert.notEqual(second.podNetwork, first.podNetwork);
    const taken = Object.values(first.ports);
    assert.deepEqual(
      Object.values(second.ports).filter((port) => taken.includes(port)),
      [],
    );
  });
});

describe("The API server of a node", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const plan = { address: "192.168.50.2", ports: { apiServer: 8443 } } as ClusterPlan;

  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = folder.path();
  });

  it("is in its own cluster", () => {
    assert.deepEqual(apiServerOf(plan), { address: "192.168.50.2", port: 8443 });
  });

  it("is in the cluster that it joins", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    fs.mkdirSync(clusterFolder(pair), { recursive: true });
    writePlan(clusterFolder(pair), plan);
    // A network that no cluster uses: one of this kind may be running on this machine.
    const namespace = { name: "kdj-free", link: "kdj-free-node", network: "203.0.113" };
    const joining = await makePlan({ ...worker, namespace }, "");
    assert.deepEqual(apiServerOf(joining), { address: "192.168.50.2", port: 8443 });
    assert.equal(joining.address, "203.0.113.2");
  });

  it("has to run before others join", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const namespace = { name: "kdj-free", link: "kdj-free-node", network: "203.0.113" };
    await assert.rejects(
      makePlan({ ...worker, namespace }, ""),
      isProblem("The worker sandbox is a node of the pair sandbox, which does not run; start that one first."),
    );
  });
});
