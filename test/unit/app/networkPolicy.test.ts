import assert from "node:assert/strict";

import { child, deploy, types } from "../helpers/app";
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
        metadata: { namespace: "shop", name: "web" },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ ports: [{ protocol: "TCP", port: 8000 }] }],
          egress: [
            { to: [{ namespaceSelector: {} }] },
            { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] },
            { to: [{ ipBlock: { cidr: "::/0", except: ["fd00:ec2::254/128"] } }] },
          ],
        },
      }),
    );
  });

  it("is the same behind an Ingress, whose controller comes from another namespace", async () => {
    const spec = async (ingressHost?: string): Promise<unknown> =>
      only(await deploy({ ingressHost }), types.networkPolicy).inputs["spec"];
    assert.deepEqual(await spec("django.test"), await spec());
  });
});
