import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { child, deploy, forced, types } from "../helpers/app";
import { markAnnotations } from "../../../components/safeguards/mark";
import { ownEnvironment } from "../helpers/environment";
import { owner } from "../helpers/prior";
import { type Inputs, label, only, plain, type Run, secret } from "../helpers/registrations";

describe("DjangoApp", () => {
  ownEnvironment();

  /** A text of a Secret, which is a secret for the engine, too. */
  const inSecret = ({ resources }: Run, name: string, key: string): string => {
    const { stringData, data } = resources.find((each) => each.name === name)?.inputs ?? {};
    const texts = plain(stringData ?? data) as Record<string, string>;
    assert.deepEqual(stringData ?? data, secret(texts));
    const text = String(texts[key]);
    return data === undefined ? text : Buffer.from(text, "base64").toString();
  };

  it("consists of a Namespace, an account, a Deployment, a Service and what guards them", async () => {
    const { resources } = await deploy();
    assert.deepEqual(resources.map(label), [
      "django:index:DjangoApp web",
      "kubernetes:apps/v1:Deployment web",
      "kubernetes:core/v1:Namespace web-namespace",
      "kubernetes:core/v1:Secret web-key",
      "kubernetes:core/v1:Service web-service",
      "kubernetes:core/v1:ServiceAccount web-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy web-ingress",
      "kubernetes:policy/v1:PodDisruptionBudget web-budget",
      "pulumi:providers:docker docker",
      "pulumi:providers:kubernetes kubernetes",
    ]);
  });

  it("has a Namespace of its own that enforces restricted pods", async () => {
    const labels = {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    };
    assert.deepEqual(only(await deploy(), types.namespace), {
      ...child(types.namespace, "web-namespace", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop", labels, annotations: markAnnotations(owner.mark) },
      }),
      deleteBeforeReplace: true,
    });
  });

  it("has an account without a token", async () => {
    assert.deepEqual(
      only(await deploy(), types.account),
      child(types.account, "web-account", {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { namespace: "shop", name: "web", annotations: forced },
        automountServiceAccountToken: false,
      }),
    );
  });

  it("registers its outputs", async () => {
    const { outputs, componentOutputs } = await deploy();
    assert.deepEqual(outputs, {
      url: "http://192.168.49.2:31234/",
      nodePort: 31234,
      namespace: "shop",
      deployment: "web",
      service: "web-service",
    });
    assert.deepEqual(componentOutputs, { "django:index:DjangoApp web": { ...outputs, mark: owner.mark } });
  });

  it("keeps Django's secret key in a Secret that changes its name with the key", async () => {
    assert.deepEqual(
      only(await deploy({ secretKey: pulumi.secret("s3cr3t") }), types.secret),
      child(types.secret, "web-secret", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace: "shop", annotations: forced },
        immutable: true,
        stringData: secret({ "secret-key": "s3cr3t" }),
      }),
    );
  });

  it("gives up one pod at a time to a node's maintenance", async () => {
    assert.deepEqual(
      only(await deploy(), types.budget),
      child(types.budget, "web-budget", {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { namespace: "shop", name: "web", annotations: forced },
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: { app: "django-container" } },
        },
      }),
    );
  });

  it("has no such budget while it is one pod, which could not be moved otherwise", async () => {
    const { resources } = await deploy({ replicas: 1 });
    assert.ok(resources.every(({ type }) => type !== types.budget));
  });

  it("has pods as the CPU's use wants them between two numbers, which an update of the Deployment leaves alone", async () => {
    const run = await deploy({ replicas: 3, maxReplicas: 6, cpuTargetPercent: 70 });
    assert.deepEqual(
      only(run, types.autoscaler),
      child(types.autoscaler, "web-autoscaler", {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { namespace: "shop", name: "web", annotations: forced },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
          minReplicas: 3,
          maxReplicas: 6,
          metrics: [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
          ],
        },
      }),
    );
    const { inputs, ignoreChanges } = only(run, types.deployment);
    assert.deepEqual([(inputs["spec"] as Inputs)["replicas"], ignoreChanges], [3, ["spec.replicas"]]);
  });

  it("keeps the URL of a database that is there in the same Secret, and starts none", async () => {
    const databaseUrl = pulumi.secret("postgres://shop:pa55word@db.test/shop");
    const run = await deploy({ secretKey: pulumi.secret("s3cr3t"), database: "postgres", databaseUrl });
    const texts = {
      "secret-key": "s3cr3t",
      "database-url": "postgres://shop:pa55word@db.test/shop",
      "database-host": "db.test",
      "database-port": "5432",
      "database-name": "shop",
      "database-user": "shop",
      "database-password": "pa55word",
    };
    assert.deepEqual(only(run, types.secret).inputs["stringData"], secret(texts));
    assert.ok(run.resources.every(({ type }) => type !== "django:index:Postgres"));
  });

  it("starts a Postgres below itself where there is none, and keeps its URL in the Secret", async () => {
    const run = await deploy({ database: "postgres", databaseStorage: "5Gi", protectData: false });
    assert.deepEqual(only(run, "django:index:Postgres"), {
      ...child("django:index:Postgres", "web-database", {}),
      provider: undefined,
    });
    const claim = only(run, "kubernetes:core/v1:PersistentVolumeClaim");
    assert.equal(claim.protect, undefined);
    assert.deepEqual((claim.inputs["spec"] as Inputs)["resources"], { requests: { storage: "5Gi" } });
    const password = inSecret(run, "web-database-password", "password");
    assert.match(password, /^[0-9a-f]{48}$/);
    assert.equal(inSecret(run, "web-secret", "database-url"), `postgres://django:${password}@10.96.0.7:5432/django`);
  });

  it("lets that Postgres be reached by the app's own pods only", async () => {
    const { resources } = await deploy({ database: "postgres" });
    const policy = resources.find(({ name }) => name === "web-database-ingress");
    const [rule] = (policy?.inputs["spec"] as { ingress: [{ from: unknown }] }).ingress;
    const values = ["django-container", "django-migrate", "django-process", "django-schedule"];
    assert.deepEqual(rule.from, [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values }] } }]);
  });

  it("starts a Redis below itself, for the same pods, and keeps its URL in the Secret", async () => {
    const run = await deploy({ redis: "namespace", redisStorage: "1Gi", protectData: false });
    assert.deepEqual(only(run, "django:index:Redis"), {
      ...child("django:index:Redis", "web-redis", {}),
      provider: undefined,
    });
    const policy = run.resources.find(({ name }) => name === "web-redis-ingress");
    const [rule] = (policy?.inputs["spec"] as { ingress: [{ from: unknown }] }).ingress;
    const values = ["django-container", "django-migrate", "django-process", "django-schedule"];
    assert.deepEqual(rule.from, [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values }] } }]);
    const password = inSecret(run, "web-redis-password", "password");
    assert.equal(inSecret(run, "web-secret", "redis-url"), `redis://:${password}@10.96.0.7:6379/0`);
    const others = run.resources.filter(({ type }) => type !== types.secret);
    assert.ok(!JSON.stringify(others).includes(password));
  });

  it("has neither a database nor a migration with a file in the pod", async () => {
    const { resources } = await deploy({ database: "sqlite" });
    assert.ok(resources.every(({ type }) => type !== "django:index:Postgres" && type !== types.job));
  });

  it("shows secrets in their Secrets and nowhere else", async () => {
    const { resources, ...rest } = await deploy({
      secretKey: pulumi.secret("s3cr3t"),
      database: "postgres",
      databaseUrl: pulumi.secret("postgres://shop:pa55word@db.test/shop"),
      registry: { address: "registry.test", username: "me", password: pulumi.secret("t0ken") },
    });
    const others = resources.filter(({ type }) => type !== types.secret);
    assert.deepEqual([resources.length, others.length], [11, 9]);
    assert.doesNotMatch(JSON.stringify({ others, ...rest }), /s3cr3t|pa55word|t0ken/);
  });

  it("shows the password of a Postgres of its own nowhere else", async () => {
    const { resources, ...rest } = await deploy({ database: "postgres" });
    const password = inSecret({ resources, ...rest }, "web-database-password", "password");
    const others = resources.filter(({ type }) => type !== types.secret);
    assert.deepEqual([resources.length, others.length], [17, 14]);
    const text = JSON.stringify(others);
    assert.ok(!text.includes(password) && !text.includes(Buffer.from(password).toString("base64")));
    assert.deepEqual(rest.componentOutputs["django:index:Postgres web-database"], {
      url: secret(`postgres://django:${password}@10.96.0.7:5432/django`),
    });
    assert.ok(!JSON.stringify(rest.outputs).includes(password));
  });
});
