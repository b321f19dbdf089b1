import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { local } from "../../sandbox/cluster/kinds";
import { provideProjectImages } from "../../sandbox/images/projectImages";
import { makeScratch } from "../../scratch";
import { getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const image = "project-images:1";
/** A name of the sandbox's own base image that no other test removes or uses. */
const base = "python:3.12.1-slim-trixie";

const withUv = "ghcr.io/astral-sh/uv:0.8.3-python3.13-trixie-slim";

/** As in many guides: compiled or not, packages are copied from where the official image has them. */
const dockerfile = `ARG VERSION=3.9
FROM python:\${VERSION}-slim-trixie AS builder
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
RUN pip install --no-cache-dir sqlparse && pip install --user asgiref && python -m venv /venv
RUN printf '#include <Python.h>\\nint main(void) { Py_Initialize(); return 0; }' > /main.c \\
    && gcc $(python -c "import sysconfig as s; print('-I' + s.get_path('include'))") /main.c -lpython3.13 -o /main && /main
FROM ${base}
RUN useradd --create-home app && addgroup --system django && adduser --system --ingroup django worker
COPY --from=builder /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages
COPY --from=builder /usr/local/bin /usr/local/bin
COPY --from=builder /root/.local /home/app/.local
USER app
RUN python -c "import sqlparse, asgiref" && sqlformat --version && test "$(python -V)" = "Python $PYTHON_VERSION"
`;

describe("The images that a project is built from", () => {
  let workspace: Workspace;
  const scratch = makeScratch("project-images");
  const file = path.join(scratch.folder, "Dockerfile");

  before(async () => {
    workspace = await Workspace.create(await getTools(), "dev", { target: "docker-desktop" });
    fs.writeFileSync(file, dockerfile);
  });
  after(async () => {
    await workspace.docker("image", "rm", "--force", image, base, withUv);
    await workspace.dispose();
    scratch.remove();
  });

  it("are there where no registry answers, and serve what guides do with them", async () => {
    const buildArgs = { VERSION: "3.12.1" };
    await provideProjectImages(local, file, { buildArgs });
    const { exitCode, output } = await workspace.docker(
      ...["build", "--build-arg", "VERSION=3.12.1", "--tag", image, scratch.folder],
    );
    assert.equal(exitCode, 0, output);
  });

  it("have uv in them where they are uv's", async () => {
    const lines = [`FROM ${withUv}`, "RUN uv pip install --system sqlparse==0.5.3 && sqlformat --version"];
    fs.writeFileSync(file, lines.join("\n"));
    await provideProjectImages(local, file, {});
    const { exitCode, output } = await workspace.docker("build", "--tag", image, scratch.folder);
    assert.equal(exitCode, 0, output);
  });

  it("are missed before anything is built where nothing stands in for them", async () => {
    fs.writeFileSync(file, "FROM python:3.12.2-slim-trixie\nCOPY --from=example.invalid/tool:1 /a /b\n");
    await assert.rejects(provideProjectImages(local, file, {}), {
      message: /needs example\.invalid\/tool:1, which cannot be pulled/,
    });
    const { output } = await workspace.docker("image", "ls", "--quiet", "python:3.12.2-slim-trixie");
    assert.equal(output, "");
  });
});
