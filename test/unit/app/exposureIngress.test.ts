import assert from "node:assert/strict";

import { child, deploy, forced, types, variable } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { only, type Registration } from "../helpers/registrations";

describe("DjangoApp's Ingress", () => {
  ownEnvironment();

  const behind = { serviceType: "ClusterIP", servicePort: 80, ingressHost: "shop.test", urlHost: undefined } as const;
  const rules = [
    {
      host: "shop.test",
      http: {
        paths: [
          { path: "/", pathType: "Prefix", backend: { service: { name: "web-service", port: { name: "http" } } } },
        ],
      },
    },
  ];
  const ingress = (spec: object): Registration =>
    child(types.ingress, "web-ingress-host", {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { namespace: "shop", name: "web", annotations: { ...forced, "pulumi.com/skipAwait": "true" } },
      spec: { ...spec, rules },
    });
  it("leads its host to the Service, which publishes nothing itself", async () => {
    const run = await deploy(behind);
    assert.deepEqual(only(run, types.ingress), ingress({}));
    assert.deepEqual(only(run, types.service).inputs["metadata"], {
      namespace: "shop",
      name: "web-service",
      annotations: { ...forced, "pulumi.com/skipAwait": "true" },
    });
    assert.deepEqual(only(run, types.service).inputs["spec"], {
      type: "ClusterIP",
      selector: { app: "django-container" },
      ports: [{ name: "http", port: 80, targetPort: "http" }],
    });
    assert.deepEqual(run.outputs, {
      url: "http://shop.test/",
      namespace: "shop",
      deployment: "web",
      service: "web-service",
    });
    assert.equal(variable(run, "ALLOWED_HOSTS"), "shop.test,localhost,127.0.0.1");
    assert.equal(variable(run, "SERVED_OVER_HTTPS"), undefined);
  });

  it("has its class and the certificate's Secret, and tells the app that it is served over HTTPS", async () => {
    const run = await deploy({ ...behind, ingressClassName: "nginx", ingressTlsSecret: "shop-tls" });
    assert.deepEqual(
      only(run, types.ingress),
      ingress({ ingressClassName: "nginx", tls: [{ hosts: ["shop.test"], secretName: "shop-tls" }] }),
    );
    assert.equal(run.outputs["url"], "https://shop.test/");
    assert.equal(variable(run, "SERVED_OVER_HTTPS"), "1");
  });

  it("has its URL already in a preview", async () => {
    const { outputs } = await deploy(behind, { preview: true, answer: () => ({}) });
    assert.equal(outputs["url"], "http://shop.test/");
  });

  it("is the URL of a service that is published in another way, too", async () => {
    const run = await deploy({ ingressHost: "shop.test" });
    assert.deepEqual([run.outputs["url"], run.outputs["nodePort"]], ["http://shop.test/", 31234]);
    assert.deepEqual(only(run, types.ingress), ingress({}));
  });

  it("is not there without a host", async () => {
    const { resources } = await deploy();
    assert.ok(resources.every(({ type }) => type !== types.ingress));
  });
});
