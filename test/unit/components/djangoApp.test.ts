import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { child, deploy, types } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { label, only, type Registration, secret, unknown } from "../helpers/registrations";

describe("DjangoApp", () => {
  ownEnvironment();

  it("consists of a Namespace, an account, a Deployment, a Service and what guards them", async () => {
    const { resources } = await deploy();
    assert.deepEqual(resources.map(label), [
      "django:index:DjangoApp web",
      "kubernetes:apps/v1:Deployment web",
      "kubernetes:core/v1:Namespace web-namespace",
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
    assert.deepEqual(
      only(await deploy(), types.namespace),
      child(types.namespace, "web-namespace", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop", labels },
      }),
    );
  });

  it("has an account without a token", async () => {
    assert.deepEqual(
      only(await deploy(), types.account),
      child(types.account, "web-account", {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { namespace: "shop", name: "web" },
        automountServiceAccountToken: false,
      }),
    );
  });

  const service = (annotations: object, spec: object): Registration =>
    child(types.service, "web-service", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace: "shop", name: "web-service", ...annotations },
      spec: { selector: { app: "django-container" }, ...spec },
    });
  const skipAwait = { annotations: { "pulumi.com/skipAwait": "true" } };
  const port = { name: "http", port: 8000, targetPort: "http" };

  it("leaves the node's port to Kubernetes, and waits for the Deployment only", async () => {
    const run = await deploy();
    assert.deepEqual(only(run, types.service), service(skipAwait, { type: "NodePort", ports: [port] }));
    assert.deepEqual(run.outputs, {
      url: "http://192.168.49.2:31234/",
      nodePort: 31234,
      namespace: "shop",
      deployment: "web",
      service: "web-service",
    });
  });

  it("registers its outputs", async () => {
    const { outputs, componentOutputs } = await deploy();
    assert.deepEqual(componentOutputs, { "django:index:DjangoApp web": outputs });
  });

  it("does not know in a preview which port Kubernetes will choose", async () => {
    const { outputs } = await deploy({}, { preview: true, answer: () => ({}) });
    assert.deepEqual(outputs, {
      url: unknown,
      nodePort: unknown,
      namespace: "shop",
      deployment: "web",
      service: "web-service",
    });
  });

  it("pins the node's port when it is given one", async () => {
    const run = await deploy({ nodePort: 30080 });
    const ports = [{ ...port, nodePort: 30080 }];
    assert.deepEqual(only(run, types.service), service(skipAwait, { type: "NodePort", ports }));
    assert.equal(run.outputs["url"], "http://192.168.49.2:30080/");
    assert.equal(run.outputs["nodePort"], 30080);
  });

  it("is reached on its own port behind a load balancer, for which it waits", async () => {
    const run = await deploy({ serviceType: "LoadBalancer", urlHost: "localhost" });
    assert.deepEqual(only(run, types.service), service({}, { type: "LoadBalancer", ports: [port] }));
    assert.equal(run.outputs["url"], "http://localhost:8000/");
  });

  it("is reached at the port that was published for its NodePort, and has no URL when none was", async () => {
    const url = async (nodePort: number): Promise<unknown> => {
      const urlPort = (port: number): number | undefined => (port === 30080 ? 8080 : undefined);
      return (await deploy({ urlHost: "127.0.0.1", urlPort, nodePort })).outputs["url"];
    };
    assert.equal(await url(30080), "http://127.0.0.1:8080/");
    assert.equal(await url(30081), undefined);
  });

  it("has no URL where no port of the cluster is reached, but a command that opens a way", async () => {
    const openCommand = (namespace: string, service: string): string => `open ${namespace} ${service}`;
    const { outputs } = await deploy({ urlHost: undefined, openCommand });
    assert.deepEqual(outputs, {
      openCommand: "open shop web-service",
      nodePort: 31234,
      namespace: "shop",
      deployment: "web",
      service: "web-service",
    });
  });

  it("keeps Django's secret key in a Secret that changes its name with the key", async () => {
    assert.deepEqual(
      only(await deploy({ secretKey: pulumi.secret("s3cr3t") }), types.secret),
      child(types.secret, "web-secret", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace: "shop" },
        immutable: true,
        stringData: secret({ "secret-key": "s3cr3t" }),
      }),
    );
  });

  it("lets nothing into its namespace but the service's port", async () => {
    assert.deepEqual(
      only(await deploy(), types.networkPolicy),
      child(types.networkPolicy, "web-ingress", {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { namespace: "shop", name: "web" },
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports: [{ protocol: "TCP", port: 8000 }] }] },
      }),
    );
  });

  it("gives up one pod at a time to a node's maintenance", async () => {
    assert.deepEqual(
      only(await deploy(), types.budget),
      child(types.budget, "web-budget", {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { namespace: "shop", name: "web" },
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

  it("shows the secret key nowhere else", async () => {
    const { resources, ...rest } = await deploy({ secretKey: pulumi.secret("s3cr3t") });
    const others = resources.filter(({ type }) => type !== types.secret);
    assert.equal(others.length, 9);
    assert.doesNotMatch(JSON.stringify({ others, ...rest }), /s3cr3t/);
  });
});
