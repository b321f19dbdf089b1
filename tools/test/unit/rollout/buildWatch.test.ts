import assert from "node:assert/strict";

import { BuildWatch } from "../../../rollout/buildWatch";

const urn = "urn:pulumi:dev::shop::django:index:DjangoImage$docker:index/image:Image::web";
const failed = { metadata: { op: "update", urn, type: "docker:index/image:Image" } };

describe("The watch of a build", () => {
  it("shows the last lines that a failed build printed, and not those of other resources", () => {
    const watch = new BuildWatch();
    watch.onEvent({ diagnosticEvent: { urn, message: "digest: sha256:12\n[build 7/7] RUN make\n" } });
    watch.onEvent({ diagnosticEvent: { urn: urn.replace("docker:", "kubernetes:"), message: "other\n" } });
    watch.onEvent({ diagnosticEvent: { urn, message: "no such library\n\n" } });
    watch.onEvent({ resOpFailedEvent: failed });
    assert.equal(
      watch.explain()?.message,
      "The image could not be built:\n  | [build 7/7] RUN make\n  | no such library\nWhat is deployed stays as it is; mend the project in app/ (`docker build app` shows the whole build) and run `npm run up` again.",
    );
  });

  it("says nothing of an image that was built", () => {
    const watch = new BuildWatch();
    watch.onEvent({ diagnosticEvent: { urn, message: "a warning\n" } });
    assert.equal(watch.explain(), undefined);
  });

  it("knows the images of both builders", () => {
    const watch = new BuildWatch();
    watch.onEvent({ resOpFailedEvent: { metadata: { ...failed.metadata, type: "docker-build:index:Image" } } });
    assert.match(watch.explain()?.message ?? "", /^The image could not be built/);
  });
});
