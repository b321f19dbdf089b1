import assert from "node:assert/strict";

import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { inNamespace } from "../../../components/app/objectMeta";
import { Postgres, type PostgresArgs } from "../../../components/app/postgres";
import type { ServerCluster } from "../../../components/app/serverRollout";
import { declareProviders } from "../../../components/targets/providers";
import { forced, type Pod } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { createdBy } from "../helpers/kubernetes";
import {
  type Inputs,
  label,
  only,
  plain,
  type Registration,
  type Run,
  runProgram,
  type RunOptions,
  secret,
  typesBefore,
  unknown,
} from "../helpers/registrations";
import { target } from "../helpers/target";

describe("Postgres", () => {
  ownEnvironment();

  const server: ServerCluster = { context: "docker-desktop", see: () => Promise.resolve("absent") };
  const start = async (more: Partial<PostgresArgs> = {}, options: RunOptions = {}): Promise<Run> =>
    await runProgram(
      () => {
        const args = {
          metadata: inNamespace("shop", false),
          version: 17,
          storage: "1Gi",
          protectData: true,
          cluster: server,
          clients: ["web", "web-migrate"],
          ...more,
        };
        const { cluster } = declareProviders(target);
        const { url } = new Postgres("database", args, { providers: cluster });
        return { url, isSecret: pulumi.output(pulumi.isSecret(url)) };
      },
      { answer: createdBy(31234), ...options },
    );
  const types = {
    secret: "kubernetes:core/v1:Secret",
    claim: "kubernetes:core/v1:PersistentVolumeClaim",
    service: "kubernetes:core/v1:Service",
    networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    server: "kubernetes:apps/v1:StatefulSet",
  };
  const child = (type: string, name: string, inputs: Inputs): Registration => ({
    type,
    name,
    parent: "django:index:Postgres database",
    provider: "pulumi:providers:kubernetes kubernetes",
    inputs,
    replacementTrigger: undefined,
  });
  const passwordOf = (run: Run): string => {
    const { password } = plain(only(run, types.secret).inputs["data"]) as { password: string };
    return password;
  };

  it("consists of a server, its volume, its password, its address and what guards it", async () => {
    const { resources } = await start();
    assert.deepEqual(resources.map(label), [
      "django:index:Postgres database",
      "kubernetes:apps/v1:StatefulSet database",
      "kubernetes:core/v1:PersistentVolumeClaim database-data",
      "kubernetes:core/v1:Secret database-password",
      "kubernetes:core/v1:Service database-service",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy database-ingress",
      "pulumi:providers:docker docker",
      "pulumi:providers:kubernetes kubernetes",
    ]);
  });

  it("thinks of a password at each run, of which the first one stays", async () => {
    const runs = [await start(), await start()] as const;
    const [one, other] = runs.map(passwordOf);
    assert.ok(one !== undefined && other !== undefined && one !== other);
    assert.match(Buffer.from(one, "base64").toString(), /^[0-9a-f]{48}$/);
    assert.deepEqual(only(runs[0], types.secret), {
      ...child(types.secret, "database-password", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace: "shop", annotations: forced },
        data: secret({ password: one }),
      }),
      ignoreChanges: ["data"],
      protect: true,
    });
  });

  it("names the password that the cluster keeps, and not the last one thought of, in a URL that is a secret", async () => {
    const answer = (type: string, inputs: Inputs, name: string): Inputs => ({
      ...createdBy(31234)(type, inputs, name),
      ...(type === types.secret ? { data: secret({ password: Buffer.from("first").toString("base64") }) } : {}),
    });
    const run = await start({}, { answer });
    const url = secret("postgres://django:first@10.96.0.7:5432/django");
    assert.deepEqual(run.outputs, { url, isSecret: true });
    assert.deepEqual(run.componentOutputs, { "django:index:Postgres database": { url } });
  });

  it("has a URL only once the server is there", async () => {
    const { outputs } = await start({}, { preview: true });
    assert.equal(plain(outputs["url"]), unknown);
    const run = await runProgram(
      () => {
        const args = {
          metadata: inNamespace("shop", false),
          version: 17,
          storage: "1Gi",
          protectData: true,
          cluster: server,
          clients: ["web"],
        };
        const { cluster } = declareProviders(target);
        const { url } = new Postgres("database", args, { providers: cluster });
        new ConfigMap("user", { data: { url } });
        return {};
      },
      { answer: createdBy(31234) },
    );
    assert.ok(typesBefore(run, "kubernetes:core/v1:ConfigMap").has(types.server));
  });

  for (const protectData of [true, false]) {
    it(`keeps its data in a volume that ${protectData ? "cannot be deleted" : "goes with the stack"}`, async () => {
      const noted = {
        ...forced,
        "pulumi.com/skipAwait": "true",
        "kubernetes-django/protected": String(protectData),
        "kubernetes-django/postgres": "17",
      };
      assert.deepEqual(only(await start({ storage: "5Gi", protectData }), types.claim), {
        ...child(types.claim, "database-data", {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { namespace: "shop", name: "database", annotations: noted },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } },
        }),
        ...(protectData ? { protect: true } : {}),
      });
    });
  }

  it("protects the volume, and the password without which it cannot be read", async () => {
    const { resources } = await start();
    assert.deepEqual(
      resources.filter(({ protect }) => protect).map(({ name }) => name),
      ["database-data", "database-password"],
    );
  });

  it("has an address in the cluster, and waits for the server only", async () => {
    assert.deepEqual(
      only(await start(), types.service),
      child(types.service, "database-service", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { namespace: "shop", name: "database", annotations: { ...forced, "pulumi.com/skipAwait": "true" } },
        spec: {
          selector: { app: "django-database" },
          ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
        },
      }),
    );
  });

  it("lets its clients in, and nobody else", async () => {
    const podSelector = { matchExpressions: [{ key: "app", operator: "In", values: ["web", "web-migrate"] }] };
    assert.deepEqual(
      only(await start(), types.networkPolicy),
      child(types.networkPolicy, "database-ingress", {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { namespace: "shop", name: "database", annotations: forced },
        spec: {
          podSelector: { matchLabels: { app: "django-database" } },
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ podSelector }], ports: [{ protocol: "TCP", port: 5432 }] }],
        },
      }),
    );
  });

  it("is one server of a fixed major version", async () => {
    const { inputs, ...rest } = only(await start(), types.server);
    assert.deepEqual({ ...rest, inputs: {} }, child(types.server, "database", {}));
    const { template, ...spec } = inputs["spec"] as { template: { metadata: unknown; spec: Pod } };
    assert.deepEqual(inputs["metadata"], {
      namespace: "shop",
      name: "database",
      labels: { app: "django-database" },
      annotations: { ...forced, "pulumi.com/timeoutSeconds": "300" },
    });
    assert.deepEqual(spec, {
      replicas: 1,
      serviceName: "database",
      selector: { matchLabels: { app: "django-database" } },
    });
    assert.deepEqual(template.metadata, { labels: { app: "django-database" } });
  });
});
