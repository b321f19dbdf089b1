import assert from "node:assert/strict";

import type { Loss } from "../../../docker/daemonWatch";
import { type BuildSources, BuildWatch, DaemonProblem } from "../../../rollout/buildWatch";
import { project } from "../../../stack/stackConfig";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";

const urn = `urn:pulumi:dev::shop::django:index:DjangoImage$docker:index/image:Image::${project}`;
const ofType = (type: string, op = "update"): { metadata: { op: string; urn: string; type: string } } => ({
  metadata: { op, urn, type },
});
const image = "docker:index/image:Image";
const help =
  "what is deployed stays as it is; mend the project in app/ (`docker build app` shows the whole build) and run `npm run up` again";

describe("The watch of a build", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  let calls: string[];
  let loss: Loss | undefined;
  let logged: string[];
  let sources: BuildSources;
  let watch: BuildWatch;

  beforeEach(() => {
    [calls, loss, logged] = [[], undefined, []];
    folder.write({ "app/Dockerfile": "FROM base\nRUN make\n" });
    process.chdir(folder.path());
    sources = {
      daemon: {
        start: () => calls.push("start"),
        loss: () => Promise.resolve(loss),
        stop: () => calls.push("stop"),
      },
      log: { lines: () => logged },
      projectOf: (app) => {
        const name = app === project ? "app" : app;
        return { folder: name, dockerfile: `${name}/Dockerfile` };
      },
      hasDocker: true,
      daemonHint: () => Promise.resolve("start Docker"),
      retry: "run `npm run up` again",
    };
    watch = new BuildWatch(sources);
  });
  const fail = (type = image): void => {
    watch.onEvent({ resOpFailedEvent: ofType(type) });
  };

  it("names no command of a docker CLI that the user does not have", async () => {
    watch = new BuildWatch({ ...sources, hasDocker: false });
    fail();
    assert.equal(
      (await watch.stop("failed"))?.help,
      "what is deployed stays as it is; mend the project in app/ and run `npm run up` again",
    );
  });

  it("shows the last lines that a failed build printed, and not those of other resources", async () => {
    watch.onEvent({ diagnosticEvent: { urn, message: "digest: sha256:12\n[build 7/7] RUN make\n" } });
    watch.onEvent({ diagnosticEvent: { urn: urn.replace("docker:", "kubernetes:"), message: "other\n" } });
    watch.onEvent({ diagnosticEvent: { urn, message: "no such library\n\n" } });
    fail();
    const problem = await watch.stop("failed");
    assert.equal(problem?.failed, "The image could not be built");
    assert.equal(problem.help, help);
    assert.deepEqual(problem.output, ["[build 7/7] RUN make", "no such library"]);
  });

  it("reads them in the log where the engine is shown no more than that it failed", async () => {
    logged = [
      "Dockerfile:7",
      "--------------------",
      "   7 | >>> RUN make",
      "--------------------",
      "ERROR: failed",
      "",
    ];
    watch.onEvent({ diagnosticEvent: { urn, message: "exit status 1" } });
    fail();
    const problem = await watch.stop("failed");
    assert.equal(problem?.failed, "The image could not be built because of line 7 of app/Dockerfile");
    assert.deepEqual(problem.output, ["Dockerfile:7", "   7 | >>> RUN make", "ERROR: failed"]);
  });

  it("finds the line of the Dockerfile by the instruction that the docker plugin names", async () => {
    const step = "digest: sha256:12\n[2/2] RUN make\n";
    for (const message of [step, "no such library\n", `${step}error: process "/bin/sh -c make" did not complete\n`]) {
      watch.onEvent({ diagnosticEvent: { urn, message } });
    }
    fail();
    const problem = await watch.stop("failed");
    assert.equal(problem?.failed, "The image could not be built because of line 2 of app/Dockerfile");
    assert.deepEqual(problem.output, [
      "[2/2] RUN make",
      "no such library",
      'error: process "/bin/sh -c make" did not complete',
    ]);
  });

  it("names another app of the stack, and the Dockerfile in its own project", async () => {
    folder.write({ "blog/Dockerfile": "FROM base\nRUN make\n" });
    logged = [
      "Dockerfile:2",
      "--------------------",
      "   2 | >>> RUN make",
      "--------------------",
      "ERROR: failed",
      "",
    ];
    const { metadata } = ofType(image);
    watch.onEvent({ resOpFailedEvent: { metadata: { ...metadata, urn: urn.replace(`::${project}`, "::blog") } } });
    const problem = await watch.stop("failed");
    assert.equal(problem?.failed, 'App "blog": The image could not be built because of line 2 of blog/Dockerfile');
    assert.equal(problem.help, help.replace("app/ (`docker build app`", "blog/ (`docker build blog`"));
  });

  it("says nothing of an image that was built", async () => {
    loss = { host: "unix:///run/docker.sock", reason: "ENOENT" };
    watch.onEvent({ resourcePreEvent: ofType(image) });
    watch.onEvent({ diagnosticEvent: { urn, message: "a warning\n" } });
    assert.equal(await watch.stop("failed"), undefined);
  });

  it("knows the images of both builders", async () => {
    fail("docker-build:index:Image");
    assert.equal((await watch.stop("failed"))?.failed, "The image could not be built");
  });

  it("keeps an eye on the daemon while an image is built, and not when it stays as it is", async () => {
    watch.onEvent({ resourcePreEvent: ofType(image, "same") });
    watch.onEvent({ resourcePreEvent: ofType("kubernetes:apps/v1:Deployment") });
    assert.deepEqual(calls, []);
    watch.onEvent({ resourcePreEvent: ofType("docker-build:index:Image", "create") });
    await watch.stop("failed");
    assert.deepEqual(calls, ["start", "stop"]);
  });

  it("names the daemon that went away, and how it is started", async () => {
    loss = { host: "unix:///run/docker.sock", reason: "ECONNREFUSED" };
    logged = ["#9 0.1 compiling", "ERROR: failed to receive status: rpc error: code = Unavailable desc = EOF"];
    fail();
    const problem = await watch.stop("failed");
    assert.equal(
      problem?.failed,
      "The Docker daemon at unix:///run/docker.sock went away while it built the image and does not answer (ECONNREFUSED)",
    );
    assert.equal(problem.help, "start Docker");
    assert.deepEqual(problem.output, logged);
  });

  it("says nothing of a build that the user interrupted", async () => {
    fail();
    assert.equal(await watch.stop("interrupted"), undefined);
  });

  it("leaves out what the engine would color", async () => {
    watch.onEvent({ diagnosticEvent: { urn, message: "<{%fg 1%}>error: <{%reset%}>no such library<{%reset%}>\n" } });
    fail();
    assert.deepEqual((await watch.stop("failed"))?.output, ["error: no such library"]);
  });

  it("names the daemon that the docker CLI did not reach, though it answers again", async () => {
    logged = ["ERROR: Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?"];
    fail();
    const problem = await watch.stop("failed");
    assert.ok(problem instanceof DaemonProblem);
    assert.equal(problem.failed, "The Docker daemon was away while it built the image");
  });

  it("names buildx where the docker CLI has none, which is no fault of the project", async () => {
    logged = ["Error: No such CLI plugin: buildx"];
    fail();
    const problem = await watch.stop("failed");
    assert.equal(problem?.failed, "The image could not be built without buildx, which the docker CLI lacks");
    assert.match(problem.help ?? "", /^install its plugin buildx, as https:\/\/docs\.docker\.com\/go\/buildx says/);
  });

  it("says when it is there again", async () => {
    loss = { host: "tcp://192.168.49.2:2376", reason: undefined };
    fail();
    assert.equal(
      (await watch.stop("failed"))?.message,
      "The Docker daemon at tcp://192.168.49.2:2376 went away while it built the image; it answers again: run `npm run up` again.",
    );
  });
});
