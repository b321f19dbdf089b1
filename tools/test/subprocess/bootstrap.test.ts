import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { checkout } from "../../../test/unit/helpers/checkout";
import { temporaryFolder } from "../../../test/unit/helpers/folders";

/** A checkout whose only package is a TypeScript loader that loads nothing, and whose only command prints its name. */
describe("the entry of the npm scripts", () => {
  const folder = temporaryFolder();
  const entry = ["tools/bootstrap.mjs", "tools/loadTypeScript.cjs", "tools/transpiled.cjs"];
  const packages = JSON.stringify({ packages: { "": {}, "node_modules/tsx": { version: "1.0.0" } } });

  /** @param npm what the fake `npm ci` does */
  function run(args: string[], npm = "", variables: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
    folder.write({
      "package.json": "{}",
      "package-lock.json": packages,
      "tools/main.ts":
        "exports.main = (args) => console.log('result of ' + args.join(' ') + (process.env.HOME ? '' : ' in no home'));",
      ...Object.fromEntries(entry.map((file) => [file, fs.readFileSync(path.join(checkout, file), "utf8")])),
      "bin/npm": { executable: `#!/bin/sh\necho "npm $*"\n${npm}\n` },
      "tsconfig.json": "{}",
      installed: packages,
    });
    const env = {
      ...process.env,
      PATH: `${folder.path("bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
      ...variables,
    };
    return spawnSync(process.execPath, [folder.path("tools/bootstrap.mjs"), ...args], { encoding: "utf8", env });
  }
  const installs = [
    "mkdir -p node_modules/tsx",
    "echo \"require.extensions['.ts'] = require.extensions['.js']\" > node_modules/tsx/cjs.js",
    `echo '{ "version": "1.0.0" }' > node_modules/tsx/package.json`,
    "cp installed node_modules/.package-lock.json",
  ].join(" && ");

  it("installs the npm packages where they are missing, and leaves standard output to the command", () => {
    const { stdout, stderr, status } = run(["up", "dev"], installs);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "result of up dev\n");
    assert.equal(stderr, "Installing the npm packages (npm ci)\nnpm ci --include=dev --no-fund --no-audit\n");
  });

  it("installs nothing where the packages are those of the lock file", () => {
    run(["up"], installs);
    const { stdout, stderr } = run(["up"]);
    assert.deepEqual([stdout, stderr], ["result of up\n", ""]);
  });

  it("finds the user's home where the variable for it is empty", () => {
    run(["up"], installs);
    assert.equal(run(["up"], "", { HOME: "" }).stdout, "result of up\n");
  });

  it("fails where the packages cannot be installed", () => {
    const { stdout, stderr, status } = run(["up"], "echo no network >&2; exit 7");
    assert.deepEqual([stdout, status], ["", 1]);
    assert.ok(stderr.endsWith("no network\nerror: `npm ci` failed; its output above says why.\n"), stderr);
  });

  it("installs nothing for the doctor, who says what is missing", () => {
    const { stdout, stderr, status } = run(["doctor"], installs);
    assert.deepEqual([stdout, status], ["", 1]);
    assert.equal(stderr, "error: the packages in node_modules are not those of package-lock.json; run `npm ci`.\n");
  });
});
