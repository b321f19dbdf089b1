import assert from "node:assert/strict";

import { type Project, readProject } from "../../../components/image/project";
import type { BuildOptions } from "../../../components/image/buildContext";
import type { ProjectPlace } from "../../../components/image/findDockerfile";
import { ownEnvironment } from "../helpers/environment";
import { temporaryFolder } from "../helpers/folders";
import { isProblem } from "../helpers/problems";

describe("A project", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const options: BuildOptions = { builder: "docker-build", buildArgs: {}, platform: undefined };
  const read = (more: Partial<ProjectPlace> = {}, others: Partial<BuildOptions> = {}): Project =>
    readProject({ folder: "../shop", dockerfile: undefined, stage: undefined, ...more }, { ...options, ...others });

  const dockerfile = [
    "FROM scratch AS web",
    "ARG PORT=5000",
    "EXPOSE $PORT",
    "LABEL kubernetes-django.liveness=/up",
    "FROM scratch AS worker",
    "",
  ].join("\n");
  beforeEach(() => {
    folder.write({
      "checkout/Pulumi.yaml": "",
      "shop/manage.py": "",
      "shop/notes.md": "",
      "shop/docker/Dockerfile": dockerfile,
    });
    process.chdir(folder.path("checkout"));
  });

  it("has its paths as the program sees them, whatever folder it is in", () => {
    const { folder: where, dockerfile: file, stage, files } = read();
    assert.deepEqual([where, file, stage], ["../shop", "../shop/docker/Dockerfile", undefined]);
    assert.deepEqual(files, ["docker/Dockerfile", "manage.py", "notes.md"]);
  });

  it("is its image as the stage and the build arguments make it", () => {
    const { config, healthLabels } = read({ stage: "web" }, { buildArgs: { PORT: "6000" } });
    assert.deepEqual([config.ports, healthLabels], [[6000], { liveness: "/up", readiness: undefined }]);
    assert.deepEqual(read().config.ports, []);
  });

  it("has another hash for another stage", () => {
    const hashes = [undefined, "web", "worker"].map((stage) => read({ stage }).hash);
    assert.equal(new Set(hashes).size, 3);
  });

  it("has another hash for another Dockerfile, and the same for the same text in another place", () => {
    const { hash } = read();
    folder.write({
      "shop/.dockerignore": "**/*Dockerfile\n.dockerignore\n",
      "other/Dockerfile": dockerfile,
      "changed/Dockerfile": `${dockerfile}USER 1000\n`,
    });
    const ignored = read().hash;
    assert.notEqual(ignored, hash);
    assert.equal(read({ dockerfile: "../other/Dockerfile" }).hash, ignored);
    assert.notEqual(read({ dockerfile: "../changed/Dockerfile" }).hash, ignored);
  });

  for (const builder of ["docker", "docker-build"] as const) {
    it(`is without what the ignore file beside the Dockerfile excludes, with builder ${builder}`, () => {
      folder.write({
        "shop/.dockerignore": "manage.py\n",
        "shop/docker/Dockerfile.dockerignore": "notes.md\ndocker\n",
      });
      const forced = builder === "docker" ? ["docker/Dockerfile"] : [];
      const { files, hash } = read({}, { builder });
      assert.deepEqual(files, [".dockerignore", ...forced, "manage.py"]);
      folder.write({ "shop/notes.md": "changed" });
      assert.equal(read({}, { builder }).hash, hash);
      folder.write({ "shop/manage.py": "changed" });
      assert.notEqual(read({}, { builder }).hash, hash);
    });
  }

  it("is without what the folder's ignore file excludes where the Dockerfile in use has none", () => {
    folder.write({
      "shop/.dockerignore": "notes.md\n.dockerignore\ndocker\n",
      "shop/Dockerfile.dockerignore": "manage.py\n",
    });
    assert.deepEqual(read().files, ["Dockerfile.dockerignore", "manage.py"]);
  });

  it("is refused with the ignore file that goes with its Dockerfile", () => {
    folder.write({ "shop/docker/Dockerfile.dockerignore": "a\n[\n" });
    assert.throws(
      () => read(),
      isProblem(
        "Line 2 of ../shop/docker/Dockerfile.dockerignore is `[`, a pattern that Docker refuses: its [ has no ], or - and ] stand in it without \\; correct the line; a \\ before a character makes it a plain one.",
      ),
    );
  });

  it("is refused for a label that is no path, with the Dockerfile's place", () => {
    folder.write({ "shop/docker/Dockerfile": "FROM scratch\nLABEL kubernetes-django.liveness=up\n" });
    assert.throws(
      () => read(),
      isProblem(
        'Label kubernetes-django.liveness in ../shop/docker/Dockerfile is "up": allowed is the path of a URL; begin it with a /.',
      ),
    );
  });
});
