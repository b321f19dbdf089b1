import assert from "node:assert/strict";

import { isKubernetesObject, type KubernetesObject } from "../../../policy/kubernetesObject";
import {
  imageIsVersioned,
  limitsArePresent,
  namespaceIsNamed,
  type Rule,
  runsAsNonRoot,
  runsItsImage,
  serviceIsAllowed,
} from "../../../policy/rules";

type Container = Partial<NonNullable<NonNullable<KubernetesObject["spec"]>["containers"]>[number]>;

const limits = { memory: "64Mi", "ephemeral-storage": "1Gi" };
const good: Container = { image: "shop:1", resources: { limits }, securityContext: { runAsNonRoot: true } };

const pod = (container: Container): KubernetesObject => ({
  kind: "Pod",
  metadata: { name: "web", namespace: "shop" },
  spec: { containers: [{ name: "django", ...good, ...container }] },
});
const service = (type?: string): KubernetesObject => ({
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  ...(type === undefined ? {} : { spec: { type } }),
});

const podRules: [string, Rule][] = [
  ["versioned-image", imageIsVersioned],
  ["limits", limitsArePresent],
  ["non-root", runsAsNonRoot],
];

describe("The policies", () => {
  it("allow a pod that keeps all of them", () => {
    for (const [, rule] of [...podRules, ["own-namespace", namespaceIsNamed] as const]) {
      assert.deepEqual(rule(pod({})), []);
    }
  });

  it("look at every container of everything that makes pods", () => {
    const spec = { initContainers: [{ name: "first" }], containers: [{ name: "second" }] };
    const template = { spec };
    const objects: KubernetesObject[] = [
      { kind: "Pod", spec },
      { kind: "Deployment", spec: { template } },
      { kind: "StatefulSet", spec: { template } },
      { kind: "Job", spec: { template } },
      { kind: "CronJob", spec: { jobTemplate: { spec: { template } } } },
    ];
    for (const object of objects) {
      for (const [name, rule] of podRules) {
        const containers = new Set(rule(object).map((violation) => /^Container "(.*?)"/.exec(violation)?.[1]));
        assert.deepEqual([...containers], ["first", "second"], `${name} on a ${object.kind}`);
      }
    }
  });

  it("refuse pods whose sources change while they run", () => {
    const metadata = { annotations: { "kubernetes-django/live-reload": "0123456789ab" } };
    const deployment: KubernetesObject = {
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { template: { metadata, spec: { containers: [] } } },
    };
    const [violation = "", ...more] = runsItsImage(deployment);
    assert.match(violation, /^Deployment "web" has pods whose sources are changed while they run: .*liveReload false/);
    assert.deepEqual(more, []);
    assert.equal(runsItsImage({ ...pod({}), metadata }).length, 1);
    assert.deepEqual(runsItsImage(pod({})), []);
  });

  it("have nothing to say about objects without pods", () => {
    for (const [, rule] of podRules) {
      assert.deepEqual(rule({ kind: "ConfigMap", metadata: { name: "settings" } }), []);
      assert.deepEqual(rule({ kind: "Certificate", spec: { template: {} } }), []);
    }
  });

  it("look at Kubernetes' objects only, and not at its components", () => {
    assert.ok(isKubernetesObject("kubernetes:core/v1:Service", { kind: "Service" }));
    assert.ok(!isKubernetesObject("kubernetes:yaml:ConfigFile", { file: "all.yaml" }));
    assert.ok(!isKubernetesObject("docker:index/image:Image", { kind: "Service" }));
  });

  const images: [image: string, allowed: boolean][] = [
    ["shop:0123456789ab", true],
    ["registry.test:5000/shop:1", true],
    ["registry.test:5000/shop@sha256:0123", true],
    ["registry.test:5000/shop:0123456789ab@sha256:0123", true],
    ["shop:latest@sha256:0123", true],
    ["shop:latest", false],
    ["shop", false],
    ["shop:", false],
    ["registry.test:5000/shop", false],
    ["registry.test:5000/shop:latest", false],
  ];
  for (const [image, allowed] of images) {
    it(`${allowed ? "allow" : "refuse"} the image ${image}`, () => {
      assert.equal(imageIsVersioned(pod({ image })).length, allowed ? 0 : 1);
    });
  }

  it("name the image, and what to give the container instead", () => {
    assert.deepEqual(imageIsVersioned(pod({ image: "shop:latest" })), [
      'Container "django" of Pod "web" runs the image "shop:latest": allowed is one with a tag other than latest, or with a digest; give it DjangoImage\'s `reference`, or name a version.',
    ]);
  });

  it("name each limit that is missing", () => {
    assert.deepEqual(limitsArePresent(pod({ resources: { limits: { memory: "64Mi" } } })), [
      'Container "django" of Pod "web" has no limit of ephemeral-storage: each container needs one of memory and ephemeral-storage; set its `resources.limits`.',
    ]);
    assert.equal(limitsArePresent(pod({ resources: {} })).length, 2);
  });

  const users: [container: Container["securityContext"], pod: Container["securityContext"], allowed: boolean][] = [
    [{ runAsNonRoot: true }, undefined, true],
    [undefined, { runAsNonRoot: true, runAsUser: 10001 }, true],
    [undefined, undefined, false],
    [undefined, { runAsUser: 10001 }, false],
    [{ runAsNonRoot: false }, { runAsNonRoot: true }, false],
    [{ runAsUser: 0 }, { runAsNonRoot: true }, false],
    [{ runAsUser: 10001 }, { runAsNonRoot: true, runAsUser: 0 }, true],
  ];
  for (const [container, ofPod, allowed] of users) {
    it(`${allowed ? "allow" : "refuse"} ${JSON.stringify(container)} in a pod with ${JSON.stringify(ofPod)}`, () => {
      const containers = [{ name: "django", ...(container ? { securityContext: container } : {}) }];
      const spec = { containers, ...(ofPod ? { securityContext: ofPod } : {}) };
      assert.equal(runsAsNonRoot({ kind: "Pod", spec }).length, allowed ? 0 : 1);
    });
  }

  it("name what lets a container run as root", () => {
    assert.deepEqual(runsAsNonRoot(pod({ securityContext: { runAsNonRoot: true, runAsUser: 0 } })), [
      'Container "django" of Pod "web" may run as root (runAsNonRoot true, runAsUser 0): allowed is runAsNonRoot true and any runAsUser but 0; set them in the `securityContext` of its pod.',
    ]);
  });

  it("refuse the namespace default, and leave out what is in none", () => {
    assert.deepEqual(namespaceIsNamed({ kind: "Secret", metadata: { name: "key", namespace: "default" } }), [
      'Secret "key" is in the namespace "default": allowed is any other; set `metadata.namespace` to DjangoApp\'s `namespace`.',
    ]);
    assert.deepEqual(namespaceIsNamed({ kind: "Namespace", metadata: { name: "shop" } }), []);
  });

  it("refuse a type of service that the target does not allow", () => {
    assert.deepEqual(serviceIsAllowed(() => "sandbox")(service("LoadBalancer")), [
      'Service "web" is of type "LoadBalancer": target "sandbox" allows NodePort, ClusterIP; set its `spec.type` to NodePort.',
    ]);
    assert.deepEqual(serviceIsAllowed(() => "cluster")(service("NodePort")), [
      'Service "web" is of type "NodePort": target "cluster" allows LoadBalancer, ClusterIP; set its `spec.type` to LoadBalancer.',
    ]);
    assert.deepEqual(serviceIsAllowed(() => "cluster")(service("LoadBalancer")), []);
    assert.deepEqual(serviceIsAllowed(() => "docker-desktop")(service("LoadBalancer")), []);
    assert.equal(serviceIsAllowed(() => "docker-desktop")(service("ExternalName")).length, 1);
  });

  it("allow services that publish nothing on every target, which is not even asked for", () => {
    const rule = serviceIsAllowed(() => assert.fail("asked"));
    assert.deepEqual([service("ClusterIP"), service(), pod({})].flatMap(rule), []);
  });
});
