import assert from "node:assert/strict";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import { child, deploy, forced, type Pod, podOf, types } from "../helpers/app";
import { label, only, type Registration, type Run } from "../helpers/registrations";

type Process = DjangoAppArgs["processes"][string];

const worker: Process = {
  start: { command: undefined, args: ["celery", "-A", "shop", "worker"] },
  replicas: 1,
  maxReplicas: undefined,
  singleton: false,
  port: undefined,
  expose: undefined,
  healthCommand: undefined,
  healthPath: undefined,
  graceSeconds: 60,
  cpuRequest: "50m",
  cpuLimit: undefined,
  memoryRequest: "64Mi",
  memoryLimit: "256Mi",
};

async function run(name: string, more: Partial<Process> = {}, app: Partial<DjangoAppArgs> = {}): Promise<Run> {
  return await deploy({ ...app, processes: { [name]: { ...worker, ...more } } });
}

interface Spec {
  [field: string]: unknown;
  template: { metadata: unknown; spec: Pod };
}
function deploymentOf({ resources }: Run, process: string): Registration & { inputs: { spec: Spec } } {
  const found = resources.find((each) => label(each) === `${types.deployment} web-${process}`);
  assert.ok(found);
  return found as Registration & { inputs: { spec: Spec } };
}
function podOfProcess(all: Run, process: string): Pod {
  return deploymentOf(all, process).inputs.spec.template.spec;
}
const probesOf = (pod: Pod): string[] => Object.keys(pod.containers[0] ?? {}).filter((key) => key.endsWith("Probe"));

describe("A process beside the web's", () => {
  it("is a Deployment of its own from the same image, with the same variables", async () => {
    const all = await run("worker", {}, { env: { A: "b" } });
    const { name, inputs } = deploymentOf(all, "worker");
    const { template, ...spec } = inputs.spec;
    assert.equal(name, "web-worker");
    assert.deepEqual(spec, {
      replicas: 1,
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: 90,
      minReadySeconds: 5,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: { app: "django-process", process: "worker" } },
    });
    assert.deepEqual(template.metadata, { labels: { app: "django-process", process: "worker" } });
    const [container] = template.spec.containers;
    const web = deploymentPod(all).containers[0];
    assert.ok(container && web);
    const { image, env, command, resources, ports, lifecycle } = container;
    assert.deepEqual({ image, env }, { image: web.image, env: web.env });
    assert.deepEqual((container as { args?: string[] }).args, ["celery", "-A", "shop", "worker"]);
    assert.deepEqual({ command, ports, lifecycle }, { command: undefined, ports: undefined, lifecycle: undefined });
    assert.deepEqual(resources, {
      requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
      limits: { memory: "256Mi", "ephemeral-storage": "1Gi" },
    });
    assert.equal(template.spec.terminationGracePeriodSeconds, 60);
    assert.deepEqual(probesOf(template.spec), []);
  });

  it("waits for the release command, as the web process does", async () => {
    const release = { command: undefined, args: ["python", "manage.py", "migrate"] };
    const start = { command: undefined, args: undefined, release };
    const all = await run("worker", {}, { start, database: "postgres", databaseUrl: "postgres://a:b@c/d" });
    assert.ok(
      all.dependencies[`${types.deployment} web-worker`]?.some((each) => each.startsWith(`${types.job} web-migrate-`)),
    );
  });

  it("is ended before the next one starts where there may never be two", async () => {
    const all = await run("beat", { singleton: true });
    assert.deepEqual(deploymentOf(all, "beat").inputs.spec.strategy, { type: "Recreate" });
  });

  it("scales by a command of its own, and is spread over nodes", async () => {
    const all = await run("worker", { replicas: 2, maxReplicas: 4 });
    const { ignoreChanges, inputs } = deploymentOf(all, "worker");
    assert.deepEqual(ignoreChanges, ["spec.replicas"]);
    const { inputs: autoscaler } = only(all, types.autoscaler);
    assert.deepEqual((autoscaler as { spec: { scaleTargetRef: unknown } }).spec.scaleTargetRef, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "web-worker",
    });
    assert.equal(inputs.spec.template.spec.topologySpreadConstraints?.length, 1);
    const budgets = all.resources.filter(({ type }) => type === types.budget);
    assert.deepEqual(
      budgets.map(({ inputs: { spec } }) => (spec as { selector: unknown }).selector),
      [{ matchLabels: { app: "django-container" } }, { matchLabels: { app: "django-process", process: "worker" } }],
    );
  });

  it("is asked by its command, less often than a page is", async () => {
    const healthCommand = ["celery", "-A", "shop", "inspect", "ping"];
    const all = await run("worker", { healthCommand });
    const [container] = podOfProcess(all, "worker").containers;
    assert.deepEqual(container?.livenessProbe, {
      exec: { command: healthCommand },
      timeoutSeconds: 15,
      periodSeconds: 30,
      failureThreshold: 3,
    });
    assert.equal(deploymentOf(all, "worker").inputs.spec.minReadySeconds, undefined);
  });

  it("is asked for its path by the URL's host, as the web process is", async () => {
    const [container] = podOfProcess(await run("api", { port: 9000, healthPath: "/up" }), "api").containers;
    assert.deepEqual(container?.livenessProbe, {
      httpGet: { path: "/up", port: "http", httpHeaders: [{ name: "Host", value: "192.168.49.2" }] },
      periodSeconds: 10,
      failureThreshold: 3,
      timeoutSeconds: 5,
    });
  });

  it("has a Service of its name where it listens, for the app's own pods alone", async () => {
    const all = await run("flower", { port: 5555 });
    assert.deepEqual(
      all.resources.filter(({ name, type }) => name.startsWith("web-flower") && type !== types.deployment),
      [
        child(types.service, "web-flower", {
          apiVersion: "v1",
          kind: "Service",
          metadata: {
            namespace: "shop",
            name: "web-flower",
            annotations: { ...forced, "pulumi.com/skipAwait": "true" },
          },
          spec: {
            type: "ClusterIP",
            selector: { app: "django-process", process: "flower" },
            ports: [{ name: "http", port: 5555, targetPort: "http" }],
          },
        }),
        child(types.networkPolicy, "web-flower-ingress", {
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          metadata: { namespace: "shop", name: "web-flower", annotations: forced },
          spec: {
            podSelector: { matchLabels: { app: "django-process", process: "flower" } },
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 5555 }] }],
          },
        }),
      ],
    );
    const pod = podOfProcess(all, "flower");
    assert.deepEqual(pod.containers[0]?.ports, [{ name: "http", containerPort: 5555 }]);
    assert.equal(pod.containers[0].env.find(({ name }) => name === "PORT")?.value, "5555");
    assert.deepEqual(probesOf(pod).sort(), ["livenessProbe", "readinessProbe", "startupProbe"]);
    assert.equal(pod.terminationGracePeriodSeconds, 65);
    assert.equal(all.componentOutputs["django:index:DjangoApp web"]?.processUrls, undefined);
  });

  it("is reached at the node, with its URL", async () => {
    const all = await run("flower", { port: 5555, expose: "NodePort" });
    assert.deepEqual(all.componentOutputs["django:index:DjangoApp web"]?.processUrls, {
      flower: "http://192.168.49.2:31234/",
    });
  });

  it("is reached by a path of the Ingress, before the web process", async () => {
    const all = await run("flower", { port: 5555, expose: "/flower" }, { ingressHost: "shop.test" });
    const { spec } = only(all, types.ingress).inputs as { spec: { rules: { http: { paths: unknown } }[] } };
    const backend = (name: string): unknown => ({ service: { name, port: { name: "http" } } });
    assert.deepEqual(spec.rules[0]?.http.paths, [
      { path: "/flower", pathType: "Prefix", backend: backend("web-flower") },
      { path: "/", pathType: "Prefix", backend: backend("web-service") },
    ]);
    assert.deepEqual(all.componentOutputs["django:index:DjangoApp web"]?.processUrls, {
      flower: "http://shop.test/flower",
    });
  });
});

function deploymentPod({ resources }: Run): Pod {
  const web = resources.find((each) => label(each) === `${types.deployment} web`);
  assert.ok(web);
  return podOf({ resources: [web], outputs: {}, componentOutputs: {}, dependencies: {} });
}
