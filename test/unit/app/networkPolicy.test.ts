import assert from "node:assert/strict";

import { child, deploy, forced, types } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { only } from "../helpers/registrations";

describe("DjangoApp's NetworkPolicy", () => {
  ownEnvironment();

  it("lets nothing into the namespace but the app's port, and nothing out to a cloud's metadata", async () => {
    assert.deepEqual(
      only(await deploy(), types.networkPolicy),
      child(types.networkPolicy, "web-ingress", {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { namespace: "shop", name: "web", annotations: forced },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ ports: [{ protocol: "TCP", port: 8000 }] }],
          egress: [
            { to: [{ namespaceSelector: {} }] },
            {
              to: [
                {
                  ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32"] },
                },
              ],
            },
            {
              to: [
                {
                  ipBlock: {
                    cidr: "::/0",
                    except: [
                      "fe80::/10",
                      "fd00:ec2::254/128",
                      "fd00:ec2::23/128",
                      "fd20:ce::254/128",
                      "fd00:c1::a9fe:a9fe/128",
                      "fd00:42::42/128",
                    ],
                  },
                },
              ],
            },
            {
              ports: [
                { protocol: "UDP", port: 53 },
                { protocol: "TCP", port: 53 },
              ],
            },
          ],
        },
      }),
    );
  });

  it("is the same behind an Ingress, whose controller comes from another namespace, and admits cert-manager's pods", async () => {
    const { resources } = await deploy({ ingressHost: "django.test" });
    const [acme, all, ...others] = resources.filter(({ type }) => type === types.networkPolicy);
    assert.deepEqual(all?.inputs, only(await deploy(), types.networkPolicy).inputs);
    assert.deepEqual(
      acme,
      child(types.networkPolicy, "web-acme", {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { namespace: "shop", name: "web-acme", annotations: forced },
        spec: {
          podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
          policyTypes: ["Ingress"],
          ingress: [{ ports: [{ protocol: "TCP", port: 8089 }] }],
        },
      }),
    );
    assert.deepEqual(others, []);
  });
});
