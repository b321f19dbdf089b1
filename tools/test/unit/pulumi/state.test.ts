import assert from "node:assert/strict";

import { appOutputs } from "../../../pulumi/state";

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
