import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import { child, containerOf, deploy, forced, podOf, types, variable } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { only } from "../helpers/registrations";

describe("DjangoApp's Deployment", () => {
  ownEnvironment();

  /** The volume with the files of a Secret. */
  const files = (name: string, keys: string[]): object => ({
    name: "secret",
    projected: {
      defaultMode: 0o440,
      sources: keys.map((key) => ({ secret: { name, items: [{ key, path: key }] } })),
    },
  });

  it("gives pods the secret key as a file of the Secret by its name, so that a new key rolls them", async () => {
    const run = await deploy({ secretKey: pulumi.secret("s3cr3t") });
    assert.equal(variable(run, "SECRET_KEY_FILE"), "/run/secrets/django/secret-key");
    assert.deepEqual(containerOf(run).volumeMounts.at(-1), {
      name: "secret",
      mountPath: "/run/secrets/django",
      readOnly: true,
    });
    assert.deepEqual(podOf(run).volumes.at(-1), files("web-secret-1a2b3c4d", ["secret-key"]));
  });

  it("gives pods the database's URL as another file of that Secret, and no variable with a secret's text", async () => {
    const databaseUrl = pulumi.secret("postgres://shop:pa55word@db.test/shop");
    const run = await deploy({ secretKey: pulumi.secret("s3cr3t"), database: "postgres", databaseUrl });
    assert.equal(variable(run, "SECRET_KEY_FILE"), "/run/secrets/django/secret-key");
    assert.equal(variable(run, "DATABASE_URL_FILE"), "/run/secrets/django/database-url");
    assert.deepEqual([containerOf(run).volumeMounts.length, podOf(run).volumes.length], [2, 2]);
    assert.deepEqual(podOf(run).volumes.at(-1), files("web-secret-1a2b3c4d", ["secret-key", "database-url"]));
    assert.doesNotMatch(JSON.stringify(podOf(run)), /s3cr3t|pa55word/);
  });

  it("gives pods a generated key in the same way, and no file of a database that there is not", async () => {
    const run = await deploy();
    assert.equal(variable(run, "SECRET_KEY_FILE"), "/run/secrets/django/secret-key");
    assert.equal(variable(run, "DATABASE_URL_FILE"), undefined);
    assert.deepEqual(podOf(run).volumes.at(-1), files("web-key-1a2b3c4d", ["secret-key"]));
  });

  it("pulls with the registry's Secret by its name", async () => {
    const registry = { address: "registry.test", username: "me", password: pulumi.secret("t0ken") };
    const pod = podOf(await deploy({ registry }));
    assert.deepEqual(pod.imagePullSecrets, [{ name: "web-registry-1a2b3c4d" }]);
    assert.equal(podOf(await deploy()).imagePullSecrets, undefined);
  });

  it("asks for its image, and is limited in CPU, as it is told", async () => {
    const container = containerOf(await deploy({ imagePullPolicy: "Always", cpuLimit: "500m" }));
    assert.equal(container.imagePullPolicy, "Always");
    assert.deepEqual(container.resources, {
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
      limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
    });
  });

  it("turns Django's DEBUG on when asked to, and off otherwise", async () => {
    assert.equal(variable(await deploy({ debug: true }), "DEBUG"), "1");
    assert.equal(variable(await deploy({ debug: false }), "DEBUG"), "0");
  });

  it("allows the URL's host once", async () => {
    assert.equal(variable(await deploy({ urlHost: "localhost" }), "ALLOWED_HOSTS"), "localhost,127.0.0.1");
    assert.equal(variable(await deploy(), "ALLOWED_HOSTS"), "192.168.49.2,localhost,127.0.0.1");
    assert.equal(variable(await deploy({ urlHost: undefined }), "ALLOWED_HOSTS"), "localhost,127.0.0.1");
  });

  it("tells the pod its image's tag, whatever the reference is", async () => {
    const image = "localhost:5000/shop:abc@sha256:0123";
    assert.equal(variable(await deploy({ image, imageTag: "abc" }), "IMAGE_TAG"), "abc");
  });

  // A path is asked for by the URL's host, since ALLOWED_HOSTS has no pod's address.
  const httpHeaders = [{ name: "Host", value: "192.168.49.2" }];
  const http = (path: string): object => ({ httpGet: { path, port: "http", httpHeaders } });
  const tcp = { tcpSocket: { port: "http" } };
  const probes: [
    what: string,
    healthPaths: DjangoAppArgs["healthPaths"],
    start: object,
    ready: object,
    live: object,
  ][] = [
    ["no path", { liveness: undefined, readiness: undefined, start: undefined }, tcp, tcp, tcp],
    ["a liveness path only", { liveness: "/up", readiness: undefined, start: undefined }, tcp, tcp, http("/up")],
    ["a readiness path only", { liveness: undefined, readiness: "/up", start: undefined }, tcp, http("/up"), tcp],
    ["a path for the start only", { liveness: undefined, readiness: undefined, start: "/up" }, http("/up"), tcp, tcp],
  ];
  it("may take as long to start as its rollout", async () => {
    const { startupProbe } = containerOf(await deploy({ rolloutTimeoutSeconds: 400 }));
    assert.equal((startupProbe as { failureThreshold: number }).failureThreshold, 400);
  });

  for (const [what, healthPaths, start, ready, live] of probes) {
    it(`is probed by the image's paths, and by its port for one that is not named: ${what}`, async () => {
      const { startupProbe, readinessProbe, livenessProbe } = containerOf(await deploy({ healthPaths }));
      assert.deepEqual(startupProbe, { ...start, periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 });
      assert.deepEqual(readinessProbe, { ...ready, periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 });
      assert.deepEqual(livenessProbe, { ...live, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 });
    });
  }

  it("keeps SQLite's file in a volume, which one pod at a time has", async () => {
    const run = await deploy({ databaseStorage: "2Gi", replicas: 1 });
    const claim = only(run, "kubernetes:core/v1:PersistentVolumeClaim").inputs as { metadata: object; spec: object };
    assert.deepEqual(claim.metadata, {
      namespace: "shop",
      name: "web-sqlite",
      annotations: { ...forced, "pulumi.com/skipAwait": "true", "kubernetes-django/protected": "true" },
    });
    assert.deepEqual(claim.spec, { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } });
    const { strategy } = only(run, types.deployment).inputs["spec"] as { strategy: object };
    assert.deepEqual(strategy, { type: "Recreate" });
    const { volumes, terminationGracePeriodSeconds } = podOf(run);
    assert.ok(
      volumes.some((each) =>
        isDeepStrictEqual(each, { name: "data", persistentVolumeClaim: { claimName: "web-sqlite" } }),
      ),
    );
    assert.equal(terminationGracePeriodSeconds, 10);
    assert.equal(containerOf(run).lifecycle, undefined);
    assert.equal(variable(run, "SQLITE_PATH"), "/data/db.sqlite3");
  });

  it("gives a pod longer to end than its wait and gunicorn's own grace take", async () => {
    const graceful = /^graceful_timeout = ([0-9]+)$/m.exec(readFileSync("app/gunicorn.conf.py", "utf8"))?.[1];
    assert.ok(Number(podOf(await deploy()).terminationGracePeriodSeconds) > 5 + Number(graceful));
  });

  it("may take as long to be deleted as its last pod to end", async () => {
    const run = await deploy({ rolloutTimeoutSeconds: 40 });
    assert.equal(podOf(run).terminationGracePeriodSeconds, 30);
    assert.equal(only(run, types.deployment).deleteTimeout, "70s");
  });

  it("is not spread over nodes while it is one pod", async () => {
    const { topologySpreadConstraints, affinity } = podOf(await deploy({ replicas: 1 }));
    assert.deepEqual([topologySpreadConstraints, affinity], [undefined, undefined]);
  });

  it("is restricted, probed and limited in memory, and replaces pods without a gap", async () => {
    const { deleteTimeout, ...deployment } = only(await deploy(), types.deployment);
    assert.equal(deleteTimeout, "60s");
    assert.deepEqual(
      deployment,
      child(types.deployment, "web", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          namespace: "shop",
          name: "web",
          labels: { app: "django" },
          annotations: { ...forced, "pulumi.com/timeoutSeconds": "30" },
        },
        spec: {
          replicas: 2,
          revisionHistoryLimit: 2,
          progressDeadlineSeconds: 30,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          selector: { matchLabels: { app: "django-container" } },
          template: {
            metadata: { labels: { app: "django-container" } },
            spec: {
              serviceAccountName: "web",
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: {
                runAsNonRoot: true,
                fsGroup: 10001,
                seccompProfile: { type: "RuntimeDefault" },
              },
              affinity: {
                podAntiAffinity: {
                  preferredDuringSchedulingIgnoredDuringExecution: [
                    {
                      weight: 100,
                      podAffinityTerm: {
                        topologyKey: "kubernetes.io/hostname",
                        labelSelector: { matchLabels: { app: "django-container" } },
                      },
                    },
                  ],
                },
              },
              topologySpreadConstraints: [
                {
                  maxSkew: 1,
                  topologyKey: "kubernetes.io/hostname",
                  whenUnsatisfiable: "ScheduleAnyway",
                  labelSelector: { matchLabels: { app: "django-container" } },
                  matchLabelKeys: ["pod-template-hash"],
                },
              ],
              terminationGracePeriodSeconds: 30,
              containers: [
                {
                  name: "django-web",
                  image: "kubernetes-django:0123456789ab",
                  imagePullPolicy: "IfNotPresent",
                  ports: [{ name: "http", containerPort: 8000 }],
                  env: [
                    { name: "PORT", value: "8000" },
                    { name: "DEBUG", value: "0" },
                    { name: "ALLOWED_HOSTS", value: "192.168.49.2,localhost,127.0.0.1" },
                    { name: "DJANGO_ALLOWED_HOSTS", value: "192.168.49.2,localhost,127.0.0.1" },
                    { name: "ALLOWED_HOSTS_SPACED", value: "192.168.49.2 localhost 127.0.0.1" },
                    {
                      name: "CSRF_TRUSTED_ORIGINS",
                      value: ["192.168.49.2", "localhost", "127.0.0.1"]
                        .map((host) => `http://${host},https://${host}`)
                        .join(","),
                    },
                    { name: "IMAGE_TAG", value: "0123456789ab" },
                    { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
                    { name: "SQLITE_PATH", value: "/data/db.sqlite3" },
                    { name: "HOME", value: "/tmp" },
                    { name: "SECRET_KEY_FILE", value: "/run/secrets/django/secret-key" },
                    {
                      name: "SECRET_KEY",
                      valueFrom: { secretKeyRef: { name: "web-key-1a2b3c4d", key: "secret-key" } },
                    },
                    {
                      name: "DJANGO_SECRET_KEY",
                      valueFrom: { secretKeyRef: { name: "web-key-1a2b3c4d", key: "secret-key" } },
                    },
                  ],
                  startupProbe: { ...http("/readyz"), periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 },
                  readinessProbe: { ...http("/readyz"), periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 },
                  livenessProbe: { ...http("/healthz"), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
                  lifecycle: { preStop: { sleep: { seconds: 5 } } },
                  resources: {
                    requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
                    limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
                  },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                  },
                  terminationMessagePolicy: "FallbackToLogsOnError",
                  volumeMounts: [
                    { name: "tmp", mountPath: "/tmp" },
                    { name: "data", mountPath: "/data" },
                    { name: "secret", mountPath: "/run/secrets/django", readOnly: true },
                  ],
                },
              ],
              volumes: [
                { name: "tmp", emptyDir: {} },
                { name: "data", emptyDir: {} },
                files("web-key-1a2b3c4d", ["secret-key"]),
              ],
            },
          },
        },
      }),
    );
  });

  it("runs live where a save is to reach its pods: on a copy of the project that can be written to, with the agent", async () => {
    const run = await deploy({
      liveRoots: ["/app"],
      podSecurity: "restricted",
      writablePaths: ["/app/logs", "/cache"],
    });
    const [container, pod] = [containerOf(run), podOf(run)];
    const mounted = (container.volumeMounts as { mountPath: string }[]).map(({ mountPath }) => mountPath);
    // What is below the copy is in it.
    assert.deepEqual(
      mounted.filter((path) => /app|cache|live/.test(path)),
      ["/cache", "/app", "/run/live-reload", "/run/live-reload-state"],
    );
    assert.equal(variable(run, "LIVE_RELOAD_ROOTS"), "/app");
    assert.equal(pod.initContainers?.length, 1);
    // A broken version shows its page.
    assert.deepEqual(
      Object.keys(container)
        .filter((key) => key.endsWith("Probe"))
        .sort(),
      ["readinessProbe", "startupProbe"],
    );
    assert.deepEqual((container.readinessProbe as { tcpSocket: unknown }).tcpSocket, { port: "http" });
    const agent = only(run, "kubernetes:core/v1:ConfigMap");
    assert.ok("agent.py" in (agent.inputs as unknown as { data: object }).data);
    const { template } = (only(run, types.deployment).inputs as unknown as { spec: { template: Template } }).spec;
    assert.match(template.metadata.annotations?.["kubernetes-django/live-reload"] ?? "", /^[0-9a-f]{12}$/);
  });

  it("has nothing of the agent where nobody asked for it", async () => {
    const run = await deploy();
    assert.doesNotMatch(JSON.stringify(run.resources), /live-reload|LIVE_RELOAD/);
  });
});

interface Template {
  metadata: { annotations?: Record<string, string> };
}
