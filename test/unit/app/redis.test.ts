import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { inNamespace } from "../../../components/app/objectMeta";
import { Redis, type RedisArgs } from "../../../components/app/redis";
import { redisImage } from "../../../components/app/redisImage";
import { declareProviders } from "../../../components/targets/providers";
import { forced } from "../helpers/app";
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
  unknown,
} from "../helpers/registrations";
import { target } from "../helpers/target";

describe("Redis", () => {
  ownEnvironment();

  const args: RedisArgs = {
    metadata: inNamespace("shop", false),
    storage: undefined,
    protectData: true,
    memory: "64Mi",
    policy: "noeviction",
    cluster: { context: "docker-desktop", see: () => Promise.resolve("absent") },
    clients: ["web", "web-migrate"],
  };
  const start = async (more: Partial<RedisArgs> = {}, options: RunOptions = {}): Promise<Run> =>
    await runProgram(
      () => {
        const { cluster } = declareProviders(target);
        const { url } = new Redis("redis", { ...args, ...more }, { providers: cluster });
        return { url, isSecret: pulumi.output(pulumi.isSecret(url)) };
      },
      { answer: createdBy(31234), ...options },
    );
  const types = {
    secret: "kubernetes:core/v1:Secret",
    claim: "kubernetes:core/v1:PersistentVolumeClaim",
    networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    server: "kubernetes:apps/v1:StatefulSet",
  };
  const child = (type: string, name: string, inputs: Inputs): Registration => ({
    type,
    name,
    parent: "django:index:Redis redis",
    provider: "pulumi:providers:kubernetes kubernetes",
    inputs,
    replacementTrigger: undefined,
  });
  const dataOf = (run: Run): Record<string, string> =>
    plain(only(run, types.secret).inputs["data"]) as Record<string, string>;
  const text = (encoded = ""): string => Buffer.from(encoded, "base64").toString();
  const podOf = (run: Run) =>
    (only(run, types.server).inputs["spec"] as { template: { spec: { containers: [Inputs]; volumes: unknown[] } } })
      .template.spec;
  const commandOf = (run: Run): string[] => podOf(run).containers[0]["command"] as string[];

  it("consists of a server, its password, its address and what guards it", async () => {
    const { resources } = await start();
    assert.deepEqual(resources.map(label), [
      "django:index:Redis redis",
      "kubernetes:apps/v1:StatefulSet redis",
      "kubernetes:core/v1:Secret redis-password",
      "kubernetes:core/v1:Service redis-service",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy redis-ingress",
      "pulumi:providers:docker docker",
      "pulumi:providers:kubernetes kubernetes",
    ]);
  });

  it("thinks of a password at each run, of which the first one stays, and hands it to the server in a file", async () => {
    const [one, other] = [await start(), await start()];
    const data = dataOf(one);
    assert.notDeepEqual(data, dataOf(other));
    assert.match(text(data["password"]), /^[0-9a-f]{48}$/);
    assert.equal(text(data["redis.conf"]), `requirepass ${text(data["password"])}\n`);
    assert.deepEqual(only(one, types.secret), {
      ...child(types.secret, "redis-password", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace: "shop", annotations: forced },
        data: secret(data),
      }),
      ignoreChanges: ["data"],
    });
    assert.ok(!JSON.stringify(podOf(one)).includes(text(data["password"])));
  });

  it("names the password that the cluster keeps in a URL that is a secret, once the server is there", async () => {
    const answer = (type: string, inputs: Inputs, name: string): Inputs => ({
      ...createdBy(31234)(type, inputs, name),
      ...(type === types.secret ? { data: secret({ password: Buffer.from("first").toString("base64") }) } : {}),
    });
    const { outputs, componentOutputs } = await start({}, { answer });
    const url = secret("redis://:first@10.96.0.7:6379/0");
    assert.deepEqual(outputs, { url, isSecret: true });
    assert.deepEqual(componentOutputs, { "django:index:Redis redis": { url } });
    assert.equal(plain((await start({}, { preview: true })).outputs["url"]), unknown);
  });

  it("keeps nothing, and is full at the memory that it may use", async () => {
    const run = await start({ memory: "0.5Gi", policy: "allkeys-lru" });
    assert.equal(
      commandOf(run).join(" "),
      "valkey-server /run/secrets/redis/redis.conf --port 6379 --maxmemory 536870912 --maxmemory-policy allkeys-lru --save  --appendonly no",
    );
    assert.deepEqual(podOf(run).containers[0]["resources"], {
      requests: { cpu: "50m", memory: "0.5Gi", "ephemeral-storage": "16Mi" },
      limits: { memory: "1088Mi", "ephemeral-storage": "256Mi" },
    });
  });

  for (const protectData of [true, false]) {
    it(`keeps its data in a volume that ${protectData ? "cannot be deleted" : "goes with the stack"}`, async () => {
      const run = await start({ storage: "1Gi", protectData });
      const annotations = {
        ...forced,
        "pulumi.com/skipAwait": "true",
        "kubernetes-django/protected": String(protectData),
      };
      assert.deepEqual(only(run, types.claim), {
        ...child(types.claim, "redis-data", {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { namespace: "shop", name: "redis", annotations },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        }),
        ...(protectData ? { protect: true } : {}),
      });
      assert.match(commandOf(run).join(" "), / --save {2}--appendonly yes --dir \/data$/);
      assert.deepEqual(podOf(run).volumes.at(-1), { name: "data", persistentVolumeClaim: { claimName: "redis" } });
    });
  }

  it("lets in the app's own pods alone", async () => {
    const policy = only(await start(), types.networkPolicy);
    assert.deepEqual(policy.inputs["spec"], {
      podSelector: { matchLabels: { app: "django-redis" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web", "web-migrate"] }] } },
          ],
          ports: [{ protocol: "TCP", port: 6379 }],
        },
      ],
    });
  });

  it("runs a fixed minor version, restricted, and is asked whether it answers", async () => {
    assert.match(redisImage, /^valkey\/valkey:[0-9]+\.[0-9]+$/);
    const spec = podOf(await start());
    const answers = { exec: { command: ["valkey-cli", "-e", "ping"] }, timeoutSeconds: 15 };
    const { command, resources, ...container } = spec.containers[0];
    assert.ok(command !== undefined && resources !== undefined);
    assert.deepEqual(container, {
      name: "redis",
      image: redisImage,
      imagePullPolicy: "IfNotPresent",
      ports: [{ name: "redis", containerPort: 6379 }],
      env: [
        {
          name: "REDISCLI_AUTH",
          valueFrom: { secretKeyRef: { name: "redis-password-1a2b3c4d", key: "password" } },
        },
      ],
      startupProbe: { ...answers, periodSeconds: 1, failureThreshold: 300 },
      readinessProbe: { ...answers, periodSeconds: 5, failureThreshold: 60 },
      livenessProbe: { ...answers, periodSeconds: 10, failureThreshold: 6 },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      terminationMessagePolicy: "FallbackToLogsOnError",
      volumeMounts: [{ name: "secret", mountPath: "/run/secrets/redis", readOnly: true }],
    });
    assert.deepEqual(
      { ...spec, containers: [] },
      {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 999,
          runAsGroup: 999,
          fsGroup: 999,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [],
        volumes: [
          {
            name: "secret",
            secret: {
              secretName: "redis-password-1a2b3c4d",
              defaultMode: 0o440,
              items: [{ key: "redis.conf", path: "redis.conf" }],
            },
          },
        ],
      },
    );
  });
});
