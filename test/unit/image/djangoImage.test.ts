import assert from "node:assert/strict";

import { DjangoImage, type DjangoImageArgs } from "../../../components/image/djangoImage";
import { declareProviders } from "../../../components/targets/providers";
import { ownEnvironment } from "../helpers/environment";
import { label, only, type Run, runProgram, type RunOptions, typesBefore } from "../helpers/registrations";
import { target } from "../helpers/target";

const args: DjangoImageArgs = {
  folder: "app",
  dockerfile: "app/Dockerfile",
  stage: undefined,
  name: "kubernetes-django:0123456789ab",
  builder: "docker",
  platforms: ["linux/amd64"],
  buildArgs: { PYTHON_VERSION: "3.13" },
  buildSecrets: {},
  store: { daemonId: "daemon-1", loadInto: undefined },
};

describe("DjangoImage", () => {
  ownEnvironment();

  const build = async (
    more: Partial<DjangoImageArgs> = {},
    preview = false,
    answer: NonNullable<RunOptions["answer"]> = () => ({}),
  ): Promise<Run> =>
    await runProgram(
      () => {
        const all = { ...args, ...more };
        const { image } = declareProviders({ ...target, builder: all.builder, store: all.store });
        const { reference } = new DjangoImage("web", all, { providers: image });
        return { reference };
      },
      { preview, answer },
    );

  it("builds with the docker provider, for the node only", async () => {
    assert.deepEqual(only(await build(), "docker:index/image:Image"), {
      type: "docker:index/image:Image",
      name: "web",
      parent: "django:index:DjangoImage web",
      provider: "pulumi:providers:docker docker",
      inputs: {
        imageName: "kubernetes-django:0123456789ab",
        build: {
          context: "app",
          dockerfile: "app/Dockerfile",
          platform: "linux/amd64",
          args: { PYTHON_VERSION: "3.13" },
          builderVersion: "BuilderBuildKit",
        },
        skipPush: true,
        buildOnPreview: false,
      },
      replacementTrigger: "daemon-1",
      retainOnDelete: true,
    });
  });

  it("builds with the docker-build provider, through the docker CLI and the daemon's own BuildKit", async () => {
    assert.deepEqual(only(await build({ builder: "docker-build" }), "docker-build:index:Image"), {
      type: "docker-build:index:Image",
      name: "web",
      parent: "django:index:DjangoImage web",
      provider: "pulumi:providers:docker-build docker-build",
      inputs: {
        tags: ["kubernetes-django:0123456789ab"],
        context: { location: "app" },
        dockerfile: { location: "app/Dockerfile" },
        platforms: ["linux/amd64"],
        buildArgs: { PYTHON_VERSION: "3.13" },
        exec: true,
        builder: { name: "default" },
        load: true,
        push: false,
        buildOnPreview: false,
        network: "default",
      },
      replacementTrigger: "daemon-1",
    });
  });

  for (const [builder, type] of [
    ["docker", "docker:index/image:Image"],
    ["docker-build", "docker-build:index:Image"],
  ] as const) {
    it(`declares nothing else with ${builder}, and nothing without a provider`, async () => {
      const { resources } = await build({ builder });
      assert.deepEqual(
        resources.map(label).sort(),
        [
          "django:index:DjangoImage web",
          `${type} web`,
          `pulumi:providers:${builder} ${builder}`,
          "pulumi:providers:kubernetes kubernetes",
        ].sort(),
      );
    });

    it(`knows its reference in a preview with ${builder}`, async () => {
      const { outputs, componentOutputs } = await build({ builder }, true);
      assert.deepEqual(outputs, { reference: "kubernetes-django:0123456789ab" });
      assert.deepEqual(componentOutputs, { "django:index:DjangoImage web": outputs });
    });
  }

  it("is built anew on a daemon with another identity", async () => {
    const { replacementTrigger } = only(
      await build({ store: { daemonId: "daemon-2", loadInto: undefined } }),
      "docker:index/image:Image",
    );
    assert.equal(replacementTrigger, "daemon-2");
  });

  const loadInto = { profile: "minikube", clusterIdentifier: "cluster-1", dockerHost: "unix:///docker.sock" };
  const loaded = { daemonId: "daemon-1", loadInto };

  for (const builder of ["docker", "docker-build"] as const) {
    it(`is loaded into a minikube that does not share the daemon, with ${builder}`, async () => {
      const { inputs, ...rest } = only(await build({ builder, store: loaded }), "pulumi-nodejs:dynamic:Resource");
      const { __provider: code, ...properties } = inputs;
      assert.equal(typeof code, "string");
      assert.deepEqual(properties, { ...loadInto, reference: "kubernetes-django:0123456789ab" });
      assert.deepEqual(rest, {
        type: "pulumi-nodejs:dynamic:Resource",
        name: "web-loaded",
        parent: "django:index:DjangoImage web",
        provider: "pulumi:providers:pulumi-nodejs dynamic",
        replacementTrigger: undefined,
      });
    });
  }

  it("is loaded only after it was built", async () => {
    const run = await build({ store: loaded });
    assert.deepEqual([...typesBefore(run, "pulumi-nodejs:dynamic:Resource")], ["docker:index/image:Image"]);
  });
});
