import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { healthLabelsOf } from "../../../components/image/healthLabels";
import { readImageConfig } from "../../../components/image/imageConfig";
import { waitUntilServed } from "../../commands/up";
import { baseImage } from "../../sandbox/images/baseImage";
import { getTools, needPlugin } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const image = "app-test:1";

describe("the Django project in app/", () => {
  let workspace: Workspace;

  const inImage = async (variables: Record<string, string>, ...command: string[]): Promise<string> => {
    const flags = Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const mount = `${path.join(workspace.folder, "app")}:/app:ro`;
    const args = [
      "run",
      "--rm",
      "--network",
      "none",
      "--volume",
      mount,
      "--tmpfs",
      "/tmp",
      ...flags,
      image,
      ...command,
    ];
    const { exitCode, output } = await workspace.docker(...args);
    assert.equal(exitCode, 0, output);
    return output;
  };

  before(async () => {
    workspace = await Workspace.create(await getTools(), "dev", { target: "docker-desktop" });
    const { exitCode, output } = await workspace.docker("build", "--tag", image, "app");
    assert.equal(exitCode, 0, output);
  });
  after(async () => {
    await workspace.docker("image", "rm", "--force", image);
    await workspace.dispose();
  });

  it("passes its own tests", async () => {
    const output = await inImage({ DEBUG: "1", HOME: "/tmp" }, "python", "manage.py", "test");
    assert.match(output, /Ran [1-9][0-9]* tests[^]*\nOK/);
  });

  it("passes Django's deployment checks with debug off", async () => {
    const variables = {
      SECRET_KEY: "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
      ALLOWED_HOSTS: "localhost",
    };
    const output = await inImage(variables, "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING");
    assert.match(output, /System check identified no issues/);
  });

  it("adds at most 60 MB to the base image", async () => {
    const size = async (name: string): Promise<number> =>
      Number((await workspace.docker("image", "inspect", "--format", "{{.Size}}", name)).output);
    const added = (await size(image)) - (await size(baseImage));
    assert.ok(added > 0 && added <= 60e6, `${added} bytes`);
  });

  it("does not run as root", async () => {
    assert.match((await workspace.docker("image", "inspect", "--format", "{{.Config.User}}", image)).output, /^10001/);
  });
});

/** Dockerfiles, whose labels the program reads without a daemon. */
const labelled: [what: string, lines: string[]][] = [
  [
    "arguments and variables",
    [
      "ARG P=/early",
      "FROM scratch",
      "ARG P",
      "ENV Q=${P}/q P=/late",
      'LABEL kubernetes-django.liveness=$P kubernetes-django.readiness="$Q"',
    ],
  ],
  [
    "stages, of which one is from another and one is not used",
    [
      "FROM scratch AS base",
      "LABEL kubernetes-django.liveness=/base kubernetes-django.readiness=/base",
      "FROM scratch AS unused",
      "LABEL kubernetes-django.liveness=/unused",
      "FROM base",
      "LABEL kubernetes-django.readiness=/own",
    ],
  ],
  [
    "quotes, escapes and lines that go on",
    [
      "FROM scratch",
      "LABEL kubernetes-django.liveness='/$a' \\",
      "  # a comment",
      "  other=x \\",
      "  kubernetes-django.readiness=/\\$b",
    ],
  ],
  [
    "build arguments and what stands in for others",
    [
      "FROM scratch",
      "ARG OWN=/default",
      "ARG NONE=",
      "LABEL kubernetes-django.liveness=${OWN} kubernetes-django.readiness=${NONE:-/none}${OWN:+/x}",
    ],
  ],
  ["the old form", ["FROM scratch", "LABEL kubernetes-django.liveness /a/b", 'LABEL kubernetes-django.readiness=""']],
];

describe("The health labels of an image", () => {
  it("are those that the program reads off its Dockerfile", async () => {
    const workspace = await Workspace.create(await getTools(), "dev", { target: "docker-desktop" });
    try {
      for (const [what, lines] of labelled) {
        const folder = path.join(workspace.folder, "labelled");
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, "Dockerfile"), [...lines, ""].join("\n"));
        const args = ["build", "--tag", "labels-test:1", "--build-arg", "OWN=/own", folder];
        const built = await workspace.docker(...args);
        assert.equal(built.exitCode, 0, built.output);
        const { output } = await workspace.docker(
          "image",
          "inspect",
          "--format",
          "{{json .Config.Labels}}",
          "labels-test:1",
        );
        const labels = JSON.parse(output) as Record<string, string | undefined>;
        assert.deepEqual(
          healthLabelsOf(readImageConfig(path.join(folder, "Dockerfile"), { buildArgs: { OWN: "/own" } }), folder),
          {
            liveness: labels["kubernetes-django.liveness"] || undefined,
            readiness: labels["kubernetes-django.readiness"] || undefined,
          },
          what,
        );
      }
    } finally {
      await workspace.docker("image", "rm", "--force", "labels-test:1");
      await workspace.dispose();
    }
  });
});

/** What the tutorial's reader has: a new project, and a Dockerfile of six lines that knows nothing of this one. */
const tutorialDockerfile = `FROM ${baseImage}
ENV PYTHONUNBUFFERED=1
RUN pip install django==5.2.*
WORKDIR /code
RUN django-admin startproject mysite . && python manage.py migrate
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
`;

describe("a project of the user's own in place of app/", () => {
  let workspace: Workspace;

  before(async function () {
    await needPlugin(this, "docker-build");
    workspace = await Workspace.create(await getTools(), "dev", {
      target: "docker-desktop",
      debug: true,
      builder: "docker-build",
      namespace: "own-project",
      podSecurity: "baseline",
    });
    fs.rmSync(path.join(workspace.folder, "app"), { recursive: true });
    fs.mkdirSync(path.join(workspace.folder, "app"));
    fs.writeFileSync(path.join(workspace.folder, "app", "Dockerfile"), tutorialDockerfile);
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  it("is served although it runs as root and has no health paths", async () => {
    await workspace.up();
    assert.match(await waitUntilServed(await workspace.output("url")), /^200 The install worked successfully/);
  });
});
