import assert from "node:assert/strict";

import type { Builder } from "../../../components/config/image";
import type { ServiceType } from "../../../components/config/exposure";
import type { Settings } from "../../../components/config/settings";
import { targets } from "../../../components/targets/target";
import {
  chooseCpuLimit,
  chooseMedia,
  choosePlatforms,
  chooseReplicas,
  chooseServiceType,
  refuseUnusedRegistry,
} from "../../../components/targets/targetChoices";
import type { FlatSettings } from "../helpers/config";
import { daemonFacts, changed, settings, sharedSettings } from "../helpers/host";
import { isProblem } from "../helpers/problems";

const sandbox: Settings = changed(settings, { target: "sandbox" });

describe("The type of service", () => {
  const choose = (chosen: Settings): ServiceType =>
    chooseServiceType(chosen, targets[chosen.cluster.target].serviceTypes);

  const taken: [what: string, chosen: Settings, type: ServiceType][] = [
    ["a NodePort on a cluster of one's own", settings, "NodePort"],
    ["a NodePort there behind an Ingress, too", changed(settings, { ingressHost: "shop.test" }), "NodePort"],
    ["what the stack names and the target has", changed(settings, { serviceType: "LoadBalancer" }), "LoadBalancer"],
    ["a load balancer on a shared cluster", sharedSettings, "LoadBalancer"],
    ["nothing published behind an Ingress there", changed(sharedSettings, { ingressHost: "shop.test" }), "ClusterIP"],
    [
      "a load balancer behind an Ingress where the stack names it",
      changed(sharedSettings, { ingressHost: "shop.test", serviceType: "LoadBalancer" }),
      "LoadBalancer",
    ],
  ];
  for (const [what, chosen, type] of taken) {
    it(`is ${what}`, () => {
      assert.equal(choose(chosen), type);
    });
  }

  const refused: [chosen: Settings, message: string][] = [
    [
      changed(sandbox, { serviceType: "LoadBalancer" }),
      'Config key "serviceType" is "LoadBalancer": target "sandbox" allows NodePort; run `pulumi config set serviceType NodePort`.',
    ],
    [
      changed(settings, { serviceType: "ClusterIP" }),
      'Config key "serviceType" is "ClusterIP": target "docker-desktop" allows NodePort and LoadBalancer; run `pulumi config set serviceType NodePort`.',
    ],
    [
      changed(sharedSettings, { serviceType: "NodePort" }),
      'Config key "serviceType" is "NodePort": target "cluster" allows LoadBalancer and ClusterIP; run `pulumi config set serviceType LoadBalancer`.',
    ],
  ];
  for (const [chosen, message] of refused) {
    it(`is refused where target ${chosen.cluster.target} does not have ${chosen.exposure.serviceType ?? ""}`, () => {
      assert.throws(() => choose(chosen), isProblem(message));
    });
  }
});

describe("The volume for uploads", () => {
  const media = { path: "/data", size: "1Gi", storageClass: undefined, accessMode: undefined };
  const choose = (chosen: Settings): ReturnType<typeof chooseMedia> =>
    chooseMedia(chosen, targets[chosen.cluster.target].accessMode);

  it("is one node's on a cluster of one's own and every node's on a shared one, unless the stack names it", () => {
    const postgres: Partial<FlatSettings> = { database: "postgres", media };
    assert.equal(choose(settings), undefined);
    assert.deepEqual(choose(changed(settings, postgres)), { ...media, accessMode: "ReadWriteOnce" });
    assert.deepEqual(choose(changed(sharedSettings, postgres)), { ...media, accessMode: "ReadWriteMany" });
    const once = { ...media, accessMode: "ReadWriteOnce" } as const;
    assert.deepEqual(choose(changed(sharedSettings, { media: once })), once);
  });

  it("is refused in the place of the file of SQLite", () => {
    assert.throws(
      () => choose(changed(settings, { media })),
      isProblem(
        'Config key "media.path" is "/data", and that folder has the file of SQLite ("database" is "sqlite"); run `pulumi config set --path media.path /app/media` with the MEDIA_ROOT of your settings, or `pulumi config set database postgres`.',
      ),
    );
  });
});

describe("The number of pods", () => {
  const choose = (chosen: Settings): number => chooseReplicas(chosen, targets[chosen.cluster.target].replicas);

  const taken: [chosen: Partial<FlatSettings>, on: Settings, replicas: number][] = [
    [{}, settings, 1],
    [{}, sharedSettings, 2],
    [{ replicas: 0 }, settings, 0],
    [{ replicas: 3 }, settings, 3],
    [{ replicas: 2 }, sharedSettings, 2],
    [{ maxReplicas: 2 }, settings, 1],
    [{ maxReplicas: 3 }, sharedSettings, 2],
  ];
  for (const [chosen, on, replicas] of taken) {
    it(`is ${replicas} on ${on.cluster.target} with ${JSON.stringify(chosen)}`, () => {
      assert.equal(choose(changed(on, chosen)), replicas);
    });
  }

  const most = (value: number, chosen: number, example: number): string =>
    `Config key "maxReplicas" is "${value}": allowed is more than replicas, which is ${chosen} and has to be at least 1; run \`pulumi config set maxReplicas ${example}\`, or \`pulumi config rm maxReplicas\` for a fixed number.`;
  const refused: [chosen: Partial<FlatSettings>, on: Settings, message: string][] = [
    [
      { replicas: 1 },
      sharedSettings,
      'Config key "replicas" is "1": target "cluster" allows 2 and more, so that the page outlives a node; run `pulumi config set replicas 2`.',
    ],
    [
      { replicas: 0, maxReplicas: 5 },
      sharedSettings,
      'Config key "replicas" is "0": target "cluster" allows 2 and more, so that the page outlives a node; run `pulumi config set replicas 2`.',
    ],
    [{ maxReplicas: 1 }, settings, most(1, 1, 2)],
    [{ maxReplicas: 2 }, sharedSettings, most(2, 2, 4)],
    [{ replicas: 5, maxReplicas: 3 }, settings, most(3, 5, 10)],
    [{ replicas: 0, maxReplicas: 3 }, settings, most(3, 0, 2)],
  ];
  for (const [chosen, on, message] of refused) {
    it(`is refused on ${on.cluster.target} with ${JSON.stringify(chosen)}`, () => {
      assert.throws(() => choose(changed(on, chosen)), isProblem(message));
    });
  }
});

describe("The number of pods with SQLite's file in a volume", () => {
  const kept = { database: "sqlite", databaseStorage: "1Gi" } as const;
  const refusal = (key: string, value: number): string =>
    `Config key "${key}" is "${value}", and the file of SQLite is kept in a volume (databaseStorage is set), which one pod can have: allowed is one; run \`pulumi config rm ${key}\`, or \`pulumi config set database postgres\` for several pods.`;

  it("is one, or none", () => {
    assert.equal(chooseReplicas(changed(settings, kept), { usual: 1, least: 0 }), 1);
    assert.equal(chooseReplicas(changed(settings, { ...kept, replicas: 0 }), { usual: 1, least: 0 }), 0);
  });

  it("is refused above that, with an autoscaler as well", () => {
    assert.throws(
      () => chooseReplicas(changed(settings, { ...kept, replicas: 2 }), { usual: 1, least: 0 }),
      isProblem(refusal("replicas", 2)),
    );
    assert.throws(
      () => chooseReplicas(changed(settings, { ...kept, maxReplicas: 4 }), { usual: 1, least: 0 }),
      isProblem(refusal("maxReplicas", 4)),
    );
  });
});

describe("The image's platforms", () => {
  const several = "linux/amd64,linux/arm64";
  const choose = (chosen: Settings, containerdStore = false): string[] =>
    choosePlatforms(
      chosen,
      targets[chosen.cluster.target],
      { ...daemonFacts, platform: "linux/arm64", containerdStore },
      chosen.image.builder === "docker" ? "docker" : "docker-build",
    );

  it("are the Docker daemon's own where its cluster runs the image from it", () => {
    assert.deepEqual(choose(settings), ["linux/arm64"]);
  });

  it("are the same on every machine for a shared cluster", () => {
    assert.deepEqual(choose(sharedSettings), ["linux/amd64"]);
  });

  it("are what the stack names", () => {
    assert.deepEqual(choose(changed(settings, { platform: "linux/amd64" })), ["linux/amd64"]);
    assert.deepEqual(choose(changed(sharedSettings, { platform: "linux/arm64" })), ["linux/arm64"]);
  });

  it("are several where the image is pulled and builder and daemon can make one of them", () => {
    const chosen: Settings = changed(sharedSettings, { platform: several, builder: "docker-build" });
    assert.deepEqual(choose(chosen, true), ["linux/amd64", "linux/arm64"]);
  });

  const refused: [what: string, on: Settings, builder: Builder, reason: string][] = [
    [
      "where nodes run the image from the daemon",
      sandbox,
      "docker-build",
      'the nodes of target "sandbox" run the image from the daemon that built it, and that has one platform; run `pulumi config rm platform`',
    ],
    [
      "with a builder for one",
      sharedSettings,
      "docker",
      'builder "docker" builds for one; run `pulumi config set builder docker-build`',
    ],
    [
      "with a daemon that keeps images for one",
      sharedSettings,
      "docker-build",
      "the Docker daemon keeps such an image only in containerd's store; turn on Docker Desktop's Settings > General > Use containerd, or the daemon's feature containerd-snapshotter",
    ],
  ];
  for (const [what, on, builder, reason] of refused) {
    it(`are refused if several, ${what}`, () => {
      assert.throws(
        () => choose(changed(on, { builder, platform: several })),
        isProblem(
          `Config key "platform" names 2 platforms, linux/amd64 and linux/arm64: ${reason}, or \`pulumi config set platform linux/amd64\`.`,
        ),
      );
    });
  }
});

describe("The user of a registry", () => {
  const refuse = (chosen: Settings): void => {
    refuseUnusedRegistry(chosen, targets[chosen.cluster.target]);
  };

  it("is refused where nothing is pushed", () => {
    assert.throws(() => {
      refuse(changed(sandbox, { registryUsername: "me" }));
    }, isProblem('Config key "registryUsername" is "me": target "sandbox" runs the image from the daemon that built it and pushes nothing; run `pulumi config rm registryUsername` and `pulumi config rm registryPassword`.'));
  });

  it("may be named where the image is pushed, and nowhere has to be", () => {
    assert.doesNotThrow(() => {
      refuse(changed(sharedSettings, { registryUsername: "me" }));
      refuse(sharedSettings);
      refuse(sandbox);
    });
  });
});

describe("The CPU that a pod may use", () => {
  it("is what the stack says, or else what the target does", () => {
    assert.equal(chooseCpuLimit(changed(settings, { cpuLimit: "2" }), "1"), "2");
    assert.equal(chooseCpuLimit(settings, "1"), "1");
    assert.equal(chooseCpuLimit(changed(settings, { cpuRequest: "2" }), undefined), undefined);
    assert.equal(chooseCpuLimit(changed(settings, { cpuRequest: "1000m" }), "1"), "1");
  });

  for (const [what, more, limit] of [
    ["the stack's", { cpuRequest: "1500m", cpuLimit: "1" }, undefined],
    ["the target's", { cpuRequest: "1500m" }, "1"],
  ] as const) {
    it(`refuses a request above ${what}`, () => {
      assert.throws(
        () => chooseCpuLimit(changed(settings, more), limit),
        isProblem(
          'Config key "cpuRequest" is "1500m", and "cpuLimit" is "1": a pod cannot request more than it may use; run `pulumi config set cpuLimit 1500m`, or `pulumi config set cpuRequest 1`.',
        ),
      );
    });
  }
});
