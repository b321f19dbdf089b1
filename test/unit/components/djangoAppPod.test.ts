import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import type { HealthPaths } from "../../../components/buildContext";
import { child, deploy, types } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { only, type Run } from "../helpers/registrations";

/** The parts of a Deployment's inputs that vary with the arguments. */
interface DeploymentInputs {
  spec: {
    template: {
      spec: {
        containers: Container[];
        volumes: unknown[];
        topologySpreadConstraints?: unknown[];
        terminationGracePeriodSeconds: number;
      };
    };
  };
}
interface Container {
  env: { name: string; value?: string }[];
  volumeMounts: unknown[];
  [probe: `${string}Probe`]: unknown;
}

describe("DjangoApp's Deployment", () => {
  ownEnvironment();

  const podOf = (run: Run): DeploymentInputs["spec"]["template"]["spec"] =>
    (only(run, types.deployment).inputs as unknown as DeploymentInputs).spec.template.spec;
  const containerOf = (run: Run): Container => {
    const [container, ...others] = podOf(run).containers;
    assert.ok(container && others.length === 0);
    return container;
  };
  const variable = (run: Run, name: string): string | undefined =>
    containerOf(run).env.find((each) => each.name === name)?.value;

  it("gives pods the secret key as a file of the Secret by its name, so that a new key rolls them", async () => {
    const run = await deploy({ secretKey: pulumi.secret("s3cr3t") });
    assert.equal(variable(run, "SECRET_KEY_FILE"), "/run/secrets/django/secret-key");
    assert.deepEqual(containerOf(run).volumeMounts.at(-1), {
      name: "secret",
      mountPath: "/run/secrets/django",
      readOnly: true,
    });
    const volume = { name: "secret", secret: { secretName: "web-secret-1a2b3c4d", defaultMode: 0o440 } };
    assert.deepEqual(podOf(run).volumes.at(-1), volume);
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

  it("tells the pod its image's tag, a registry's port left out", async () => {
    assert.equal(variable(await deploy({ image: "localhost:5000/shop:abc" }), "IMAGE_TAG"), "abc");
  });

  const http = (path: string): object => ({ httpGet: { path, port: "http" } });
  const tcp = { tcpSocket: { port: "http" } };
  const probes: [what: string, healthPaths: HealthPaths, ready: object, live: object][] = [
    ["no path", { liveness: undefined, readiness: undefined }, tcp, tcp],
    ["a liveness path only", { liveness: "/up", readiness: undefined }, tcp, http("/up")],
    ["a readiness path only", { liveness: undefined, readiness: "/up" }, http("/up"), tcp],
  ];
  for (const [what, healthPaths, ready, live] of probes) {
    it(`is probed by the image's paths, and by its port for one that is not named: ${what}`, async () => {
      const { startupProbe, readinessProbe, livenessProbe } = containerOf(await deploy({ healthPaths }));
      assert.deepEqual(startupProbe, { ...ready, periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 });
      assert.deepEqual(readinessProbe, { ...ready, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 });
      assert.deepEqual(livenessProbe, { ...live, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 });
    });
  }

  it("gives a pod longer to end than its wait and gunicorn's own grace take", async () => {
    const graceful = /^graceful_timeout = ([0-9]+)$/m.exec(readFileSync("app/gunicorn.conf.py", "utf8"))?.[1];
    assert.ok(podOf(await deploy()).terminationGracePeriodSeconds > 3 + Number(graceful));
  });

  it("is not spread over nodes while it is one pod", async () => {
    assert.equal(podOf(await deploy({ replicas: 1 })).topologySpreadConstraints, undefined);
  });

  it("is restricted, probed and limited in memory, and replaces pods without a gap", async () => {
    assert.deepEqual(
      only(await deploy(), types.deployment),
      child(types.deployment, "web", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          namespace: "shop",
          name: "web",
          labels: { app: "django" },
          annotations: { "pulumi.com/timeoutSeconds": "30" },
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
                runAsUser: 10001,
                runAsGroup: 10001,
                fsGroup: 10001,
                seccompProfile: { type: "RuntimeDefault" },
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
              terminationGracePeriodSeconds: 28,
              containers: [
                {
                  name: "django-web",
                  image: "kubernetes-django:0123456789ab",
                  imagePullPolicy: "IfNotPresent",
                  ports: [{ name: "http", containerPort: 8000 }],
                  env: [
                    { name: "DEBUG", value: "0" },
                    { name: "ALLOWED_HOSTS", value: "192.168.49.2,localhost,127.0.0.1" },
                    { name: "SQLITE_PATH", value: "/data/db.sqlite3" },
                    { name: "HOME", value: "/tmp" },
                    { name: "IMAGE_TAG", value: "0123456789ab" },
                    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                  ],
                  startupProbe: { ...http("/readyz"), periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 },
                  readinessProbe: { ...http("/readyz"), periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
                  livenessProbe: { ...http("/healthz"), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
                  lifecycle: { preStop: { sleep: { seconds: 3 } } },
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
                  ],
                },
              ],
              volumes: [
                { name: "tmp", emptyDir: {} },
                { name: "data", emptyDir: {} },
              ],
            },
          },
        },
      }),
    );
  });
});
