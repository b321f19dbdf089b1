import assert from "node:assert/strict";

import { child, deploy, forced, types, variable } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { createdBy } from "../helpers/kubernetes";
import { only, type Registration, unknown } from "../helpers/registrations";

describe("DjangoApp's Service", () => {
  ownEnvironment();

  const service = (annotations: object, spec: object): Registration =>
    child(types.service, "web-service", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace: "shop", name: "web-service", ...annotations },
      spec: { selector: { app: "django-container" }, ...spec },
    });
  const skipAwait = { annotations: { ...forced, "pulumi.com/skipAwait": "true" } };
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
    assert.deepEqual(
      only(run, types.service),
      service({ annotations: forced }, { type: "LoadBalancer", ports: [port] }),
    );
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

  const found = { serviceType: "LoadBalancer", urlHost: undefined, servicePort: 80 } as const;
  const waitFor = { annotations: { ...forced, "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" } };

  it("is waited for until its load balancer has an address, where no other is known", async () => {
    const ports = [{ ...port, port: 80 }];
    assert.deepEqual(only(await deploy(found), types.service), service(waitFor, { type: "LoadBalancer", ports }));
  });

  const addresses: [given: object, url: string, hosts: string][] = [
    [{ ip: "203.0.113.7" }, "http://203.0.113.7/", "203.0.113.7,localhost,127.0.0.1"],
    [{ hostname: "lb.test" }, "http://lb.test/", "lb.test,localhost,127.0.0.1"],
    [{ hostname: "lb.test", ip: "203.0.113.7" }, "http://lb.test/", "lb.test,localhost,127.0.0.1"],
    [{ ip: "2001:db8::7" }, "http://[2001:db8::7]/", "[2001:db8::7],localhost,127.0.0.1"],
  ];
  for (const [given, url, hosts] of addresses) {
    it(`is reached, and answers, at the address of its load balancer: ${JSON.stringify(given)}`, async () => {
      const run = await deploy(found, { answer: createdBy(31234, given) });
      assert.equal(run.outputs["url"], url);
      assert.equal(variable(run, "ALLOWED_HOSTS"), hosts);
    });
  }

  /** Without TLS here, something in front may still end it. */
  const either = (...hosts: string[]): string[] => hosts.flatMap((host) => [`http://${host}`, `https://${host}`]);
  const reached: [what: string, more: Parameters<typeof deploy>[0], listed: string[]][] = [
    ["at an address", {}, either("192.168.49.2", "localhost", "127.0.0.1")],
    ["at an IPv6 address", { urlHost: "[::1]" }, either("[::1]", "localhost", "127.0.0.1")],
    ["at no known host", { urlHost: undefined }, either("localhost", "127.0.0.1")],
    [
      "at an Ingress with a certificate",
      { ingressHost: "shop.test", ingressTlsSecret: "shop-tls" },
      ["https://shop.test", "https://localhost", "https://127.0.0.1"],
    ],
  ];
  for (const [what, more, listed] of reached) {
    it(`trusts forms of each host that it is reached by, without a port: ${what}`, async () => {
      const run = await deploy(more);
      assert.equal(variable(run, "CSRF_TRUSTED_ORIGINS"), listed.join(","));
      assert.equal(variable(run, "SERVED_OVER_HTTPS"), what.includes("certificate") ? "1" : undefined);
    });
  }

  it("names its hosts by each name and in each form that projects read", async () => {
    const run = await deploy({ ingressHost: "shop.test" });
    for (const name of ["ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS"]) {
      assert.equal(variable(run, name), "shop.test,localhost,127.0.0.1");
    }
    assert.equal(variable(run, "ALLOWED_HOSTS_SPACED"), "shop.test localhost 127.0.0.1");
  });

  it("has the load balancer's port in its URL where that is no browser's own", async () => {
    const { outputs } = await deploy({ ...found, servicePort: 8000 });
    assert.equal(outputs["url"], "http://203.0.113.7:8000/");
  });

  // Kubernetes answers the provider's trial run with a status that is still empty.
  for (const answer of [undefined, { status: { loadBalancer: {} } }]) {
    it(`does not know its load balancer's address in a preview that answers ${JSON.stringify(answer)}`, async () => {
      const run = await deploy(found, {
        preview: true,
        answer: (type) => (type === types.service ? (answer ?? {}) : {}),
      });
      assert.deepEqual([run.outputs["url"], variable(run, "ALLOWED_HOSTS")], [unknown, unknown]);
    });
  }

  it("is waited for with the provider's own rules where the load balancer's host is known", async () => {
    const run = await deploy({ ...found, urlHost: "shop.test" });
    const ports = [{ ...port, port: 80 }];
    assert.deepEqual(only(run, types.service), service({ annotations: forced }, { type: "LoadBalancer", ports }));
    assert.equal(run.outputs["url"], "http://shop.test/");
    assert.equal(variable(run, "ALLOWED_HOSTS"), "shop.test,localhost,127.0.0.1");
  });
});
