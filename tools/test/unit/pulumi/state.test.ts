import assert from "node:assert/strict";

import { appOutputs, imagesOf, imagesOnDaemon } from "../../../pulumi/state";

describe("What a stack's state says of an app", () => {
  const component = (app: string, outputs: Record<string, unknown>, more = {}) => ({
    urn: `urn:pulumi:dev::p::django:index:DjangoApp::${app}`,
    type: "django:index:DjangoApp",
    outputs,
    ...more,
  });
  const deployment = {
    resources: [
      { urn: "urn:pulumi:dev::p::django:index:DjangoImage::blog", type: "django:index:DjangoImage" },
      component("kubernetes-django", { url: "http://localhost:30080" }),
      component("my-blog", { url: "http://localhost:30082" }),
      component("blog", { url: "http://localhost:30000" }, { delete: true }),
      component("blog", { url: "http://localhost:30081" }),
    ],
  };

  it("is what its component has, and not what index.ts exports", () => {
    assert.deepEqual(appOutputs(deployment, "blog"), { url: "http://localhost:30081" });
  });

  it("is nothing for an app that it does not have", () => {
    assert.equal(appOutputs(deployment, "news"), undefined);
    assert.equal(appOutputs({}, "blog"), undefined);
  });
});

describe("The images of a stack's apps", () => {
  const image = (app: string, reference: string, more = {}) => ({
    urn: `urn:pulumi:dev::p::django:index:DjangoImage::${app}`,
    type: "django:index:DjangoImage",
    outputs: { reference },
    ...more,
  });
  const deployment = {
    resources: [
      image("blog", "blog:old", { delete: true }),
      image("blog", "blog:1a2b"),
      image("kubernetes-django", "shop:3c4d"),
      image("news", "registry.example.com/news:5e6f@sha256:0"),
      {
        urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
        type: "pulumi:pulumi:Stack",
        outputs: { image: "shop:3c4d" },
      },
    ],
  };

  it("are the first one's, which index.ts exports, and those of the others", () => {
    assert.deepEqual(imagesOf(deployment), [
      { app: "kubernetes-django", image: "shop:3c4d" },
      { app: "blog", image: "blog:1a2b" },
      { app: "news", image: "registry.example.com/news:5e6f@sha256:0" },
    ]);
    assert.deepEqual(imagesOf({}), []);
  });

  it("are on the Docker daemon unless they are in a registry", () => {
    assert.deepEqual(
      imagesOnDaemon(deployment).map(({ app }) => app),
      ["kubernetes-django", "blog"],
    );
  });
});
