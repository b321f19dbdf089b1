import assert from "node:assert/strict";
import fs from "node:fs";

import { buildAll } from "../../../../sandbox/install/golang";
import type { GoWay } from "../../../../sandbox/install/tool";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const way: GoWay = {
  kind: "go",
  builds: [
    {
      module: "pause",
      package: "./cmd/saw",
      output: "bin/saw",
      variables: { "example.org/saw.Version": "v1.2.3", "example.org/saw.Major": "1" },
      names: ["jigsaw", "fretsaw"],
    },
  ],
  scripts: ["pulumi-analyzer-policy"],
};

describe("A tool that is compiled from Go modules", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /** With a `go` that does as the script says. */
  const build = async (script: string): Promise<string[]> => {
    folder.write({ go: { executable: `#!/bin/sh\n${script}\n` } });
    const shown: string[] = [];
    await buildAll(way, folder.path("go"), folder.path("tool"), { detail: (line) => shown.push(line) });
    return shown;
  };
  const log = (): string => fs.readFileSync(folder.path("log"), "utf8");

  it("is built in the module that pins it, with its variables and without a C compiler", async () => {
    Object.assign(process.env, { GOFLAGS: "-mod=mod", GOWORK: "/go.work" });
    await build(`echo "$(basename "$PWD") $CGO_ENABLED $GOFLAGS$GOWORK $*" >${folder.path("log")}`);
    const flags = "-s -w -X example.org/saw.Version=v1.2.3 -X example.org/saw.Major=1";
    const output = folder.path("tool/bin/saw");
    assert.equal(log(), `pause 0 off build -v -buildvcs=false -trimpath -ldflags ${flags} -o ${output} ./cmd/saw\n`);
  });

  it("has its further names and its scripts beside it", async () => {
    await build("");
    for (const name of ["jigsaw", "fretsaw"]) {
      assert.equal(fs.readlinkSync(folder.path("tool/bin", name)), "saw");
    }
    assert.doesNotThrow(() => {
      fs.accessSync(folder.path("tool/bin/pulumi-analyzer-policy"), fs.constants.X_OK);
    });
  });

  it("shows the package that is compiled, and what Go downloads", async () => {
    assert.deepEqual(await build("echo k8s.io/api/core/v1"), ["compiling saw", "compiling k8s.io/api/core/v1"]);
    fs.rmSync(folder.path("tool"), { recursive: true });
    const shown = await build("echo 'go: downloading k8s.io/api v0.34.4'");
    assert.deepEqual(shown, ["compiling saw", "downloading k8s.io/api v0.34.4"]);
  });

  it("fails with Go's last line", async () => {
    await assert.rejects(build("echo k8s.io/api; echo 'main.go:1: undefined: x' >&2; exit 1"), {
      message: '`go build` failed with "main.go:1: undefined: x"',
    });
  });
});
