import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { DjangoImage, type DjangoImageArgs, type RegistryStore } from "../../../components/image/djangoImage";
import { declareProviders } from "../../../components/targets/providers";
import type { Builder } from "../../../components/config/image";
import { ownEnvironment } from "../helpers/environment";
import { pushes } from "../helpers/kubernetes";
import { label, only, type Run, runProgram, secret, unknown } from "../helpers/registrations";
import { target } from "../helpers/target";

const name = "registry.test:5000/shop:0123456789ab";

describe("DjangoImage with a registry", () => {
  ownEnvironment();

  const build = async (
    builder: Builder,
    store: Partial<RegistryStore> = {},
    { preview = false, platforms = ["linux/amd64"] } = {},
  ): Promise<Run> =>
    await runProgram(
      () => {
        const args: DjangoImageArgs = {
          folder: "app",
          dockerfile: "app/Dockerfile",
          stage: undefined,
          name,
          builder,
          platforms,
          buildArgs: { PYTHON_VERSION: "3.13" },
          buildSecrets: {},
          store: { address: "registry.test:5000", user: undefined, keepsCache: false, ...store },
        };
        const { image } = declareProviders({ ...target, builder, store: args.store });
        const { reference } = new DjangoImage("web", args, { providers: image });
        return { reference };
      },
      { preview, answer: preview ? () => ({}) : pushes },
    );
  const user = { address: "registry.test:5000", username: "me", password: pulumi.secret("t0ken") };
  const types = { docker: "docker:index/image:Image", "docker-build": "docker-build:index:Image" };

  const dockerInputs = {
    imageName: name,
    build: {
      context: "app",
      dockerfile: "app/Dockerfile",
      platform: "linux/amd64",
      args: { PYTHON_VERSION: "3.13" },
      builderVersion: "BuilderBuildKit",
    },
    registry: { server: "registry.test:5000" },
    buildOnPreview: false,
    skipPush: false,
  };
  const dockerBuildInputs = {
    tags: [name],
    context: { location: "app" },
    dockerfile: { location: "app/Dockerfile" },
    platforms: ["linux/amd64"],
    buildArgs: { PYTHON_VERSION: "3.13" },
    exec: true,
    builder: { name: "default" },
    load: false,
    push: true,
    buildOnPreview: false,
    network: "default",
  };

  it("pushes with the docker provider, whichever daemon builds, by what `docker login` stored", async () => {
    assert.deepEqual(only(await build("docker"), types.docker), {
      type: types.docker,
      name: "web",
      parent: "django:index:DjangoImage web",
      provider: "pulumi:providers:docker docker",
      inputs: dockerInputs,
      replacementTrigger: undefined,
      retainOnDelete: true,
    });
  });

  it("pushes with the docker-build provider, whichever daemon builds, by what `docker login` stored", async () => {
    assert.deepEqual(only(await build("docker-build"), types["docker-build"]), {
      type: types["docker-build"],
      name: "web",
      parent: "django:index:DjangoImage web",
      provider: "pulumi:providers:docker-build docker-build",
      inputs: dockerBuildInputs,
      replacementTrigger: undefined,
    });
  });

  it("signs in to the registry with the docker provider", async () => {
    const { inputs } = only(await build("docker", { user }), types.docker);
    const registry = { server: "registry.test:5000", username: "me", password: secret("t0ken") };
    assert.deepEqual(inputs, { ...dockerInputs, registry });
  });

  it("signs in to the registry with the docker-build provider", async () => {
    const { inputs } = only(await build("docker-build", { user }), types["docker-build"]);
    const registries = [{ address: "registry.test:5000", username: "me", password: secret("t0ken") }];
    assert.deepEqual(inputs, { ...dockerBuildInputs, registries });
  });

  it("keeps the build's cache beside the image where the daemon can, and docker-build builds", async () => {
    const ref = "registry.test:5000/shop:build-cache";
    const { inputs } = only(await build("docker-build", { keepsCache: true }), types["docker-build"]);
    assert.deepEqual(inputs, {
      ...dockerBuildInputs,
      cacheFrom: [{ registry: { ref } }],
      cacheTo: [{ registry: { ref, mode: "max", ociMediaTypes: true, imageManifest: true } }],
    });
  });

  it("is built for several platforms at once with docker-build", async () => {
    const platforms = ["linux/amd64", "linux/arm64"];
    const { inputs } = only(await build("docker-build", {}, { platforms }), types["docker-build"]);
    assert.deepEqual(inputs, { ...dockerBuildInputs, platforms });
  });

  for (const builder of ["docker", "docker-build"] as const) {
    it(`is named with the digest that was pushed, with ${builder}`, async () => {
      const { outputs, componentOutputs } = await build(builder);
      assert.deepEqual(outputs, { reference: `${name}@sha256:4567` });
      assert.deepEqual(componentOutputs, { "django:index:DjangoImage web": outputs });
    });

    it(`does not know its digest in a preview, with ${builder}`, async () => {
      assert.deepEqual((await build(builder, {}, { preview: true })).outputs, { reference: unknown });
    });

    it(`declares nothing else with ${builder}, and shows the password nowhere else`, async () => {
      const { resources, ...rest } = await build(builder, { user });
      const all = [
        "django:index:DjangoImage web",
        `${types[builder]} web`,
        `pulumi:providers:${builder} ${builder}`,
        "pulumi:providers:kubernetes kubernetes",
      ];
      assert.deepEqual(resources.map(label).sort(), all.sort());
      const others = resources.filter(({ type }) => type !== types[builder]);
      assert.doesNotMatch(JSON.stringify({ others, ...rest }), /t0ken/);
    });
  }
});
