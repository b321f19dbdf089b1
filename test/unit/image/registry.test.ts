import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { registryOf } from "../../../components/image/registry";
import { child, deploy, forced, types } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { type Registration, type Run, secret } from "../helpers/registrations";

describe("The registry of an image", () => {
  const dockerHub = "https://index.docker.io/v1/";
  const registries: [repository: string, registry: string][] = [
    ["registry.example.com/team/shop", "registry.example.com"],
    ["registry.example.com:5000/shop", "registry.example.com:5000"],
    ["registry:5000/shop", "registry:5000"],
    ["localhost/shop", "localhost"],
    ["team/shop", dockerHub],
    ["localhosts/shop", dockerHub],
    ["shop", dockerHub],
    ["shop.test", dockerHub],
  ];
  for (const [repository, registry] of registries) {
    it(`is ${registry} for ${repository}`, () => {
      assert.equal(registryOf(repository), registry);
    });
  }
});

describe("The pull secret", () => {
  ownEnvironment();

  const named = ({ resources }: Run): Registration | undefined => resources.find(({ name }) => name === "web-registry");
  const config = (auths: object): object => secret({ ".dockerconfigjson": JSON.stringify({ auths }) }) as object;

  for (const [how, password] of [
    ["a secret", pulumi.secret("t0ken")],
    ["plain text", "t0ken"],
  ] as const) {
    it(`holds what the nodes sign in with, as a secret even of a password that is ${how}`, async () => {
      const registry = { address: "registry.test:5000", username: "me", password };
      const auth = Buffer.from("me:t0ken").toString("base64");
      assert.deepEqual(
        named(await deploy({ registry })),
        child(types.secret, "web-registry", {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { namespace: "shop", annotations: forced },
          type: "kubernetes.io/dockerconfigjson",
          immutable: true,
          stringData: config({ "registry.test:5000": { username: "me", password: "t0ken", auth } }),
        }),
      );
    });
  }

  it("is not there where the nodes need none", async () => {
    assert.equal(named(await deploy({ registry: undefined })), undefined);
  });

  it("shows the password nowhere else", async () => {
    const registry = { address: "registry.test", username: "me", password: pulumi.secret("t0ken") };
    const { resources, ...rest } = await deploy({ registry });
    const text = JSON.stringify({ others: resources.filter(({ type }) => type !== types.secret), ...rest });
    assert.ok(!text.includes("t0ken") && !text.includes(Buffer.from("me:t0ken").toString("base64")));
  });
});
