import assert from "node:assert/strict";
import fs from "node:fs";

import { temporaryFolder, type Tree } from "../../../../../../test/unit/helpers/folders";
import { inspectDependencies } from "../../../../../commands/init/dependencies/inspectDependencies";
import { satisfies } from "../../../../../commands/init/dependencies/python";

describe("the Python of a project", () => {
  const folder = temporaryFolder();
  const python = (tree: Tree): unknown => {
    folder.write(tree);
    return inspectDependencies(folder.path()).python;
  };
  const requiring = (range: string, django: string): Tree => ({
    "pyproject.toml": `[project]\nrequires-python = "${range}"\ndependencies = ["django==${django}"]\n`,
  });

  it("is the one that a file names", () => {
    assert.deepEqual(python({ ".python-version": "# pyenv\n3.12.4\n" }), { value: "3.12", where: ".python-version" });
    assert.deepEqual(python({ ".python-version": "", "runtime.txt": "python-3.11.9\n" }), {
      value: "3.11",
      where: "runtime.txt",
    });
  });

  it("is the default where a range allows it, else the newest that it allows", () => {
    assert.deepEqual(python(requiring(">=3.10", "5.2")), { value: "3.13", where: "pyproject.toml" });
    assert.deepEqual(python(requiring(">=3.10,<3.12", "5.2")), { value: "3.11", where: "pyproject.toml" });
    assert.deepEqual(python(requiring(">=3.14", "5.2")), { value: "3.14", where: "pyproject.toml" });
  });

  it("is one that the project's Django supports", () => {
    assert.deepEqual(python({ "requirements.txt": "Django==3.2.25\n" }), { value: "3.10", where: "requirements.txt" });
    fs.rmSync(folder.path("requirements.txt"));
    assert.deepEqual(python(requiring(">=3.8", "4.2.1")), { value: "3.12", where: "pyproject.toml" });
  });

  it("is one that the wheels of the lock file are for", () => {
    const wheel = (tags: string): string => `{file = "pillow-9.5-${tags}.whl", hash = "sha256:0"}`;
    const files = ["cp310-cp310-manylinux_2_28_x86_64", "cp311-cp311-manylinux_2_28_x86_64"].map(wheel).join(", ");
    const lock = `[[package]]\nname = "pillow"\nversion = "9.5"\nfiles = [${files}]\n
[[package]]\nname = "django"\nversion = "5.2"\nfiles = [{file = "Django-5.2-py3-none-any.whl", hash = ""}]\n
[metadata]\npython-versions = "^3.10"\n`;
    assert.deepEqual(python({ "poetry.lock": lock }), { value: "3.11", where: "poetry.lock" });
  });

  const pins: [requirements: string, value: string | undefined][] = [
    ["psycopg2-binary==2.9.6", "3.11"],
    ["psycopg2-binary==2.9.9", "3.12"],
    ["psycopg2-binary==2.9.10", "3.13"],
    ["psycopg2-binary", undefined],
    ["psycopg[binary]==3.1.10", "3.11"],
    ["psycopg==3.1.10", undefined],
    ["Pillow==9.5.0\npsycopg2-binary==2.9.4", "3.10"],
    ["Pillow==10.4.0", undefined],
  ];
  for (const [requirements, value] of pins) {
    it(`is ${value ?? "the default"} for which there are wheels of ${requirements.replace("\n", " and ")}`, () => {
      const where = "requirements.txt";
      assert.deepEqual(python({ [where]: `Django\n${requirements}\n` }), value && { value, where });
    });
  }

  const all = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"];
  const ranges: [range: string, allowed: string[]][] = [
    [">=3.10,<4.0", all.slice(1)],
    ["^3.11", all.slice(2)],
    ["~3.11", ["3.11"]],
    ["~=3.11", all.slice(2)],
    ["~=3.11.2", ["3.11"]],
    ["==3.12.*", ["3.12"]],
    ["3.12.*", ["3.12"]],
    [">=3.10, !=3.11.*, <3.13", ["3.10", "3.12"]],
    [">= 3.9, < 3.12", ["3.9", "3.10", "3.11"]],
    ["3.9.* || ^3.12", ["3.9", "3.12", "3.13", "3.14"]],
    [">3.9.0,!=3.9.7", all],
  ];
  for (const [range, allowed] of ranges) {
    it(`is ${allowed.join(", ")} for the range ${range}`, () => {
      assert.deepEqual(
        all.filter((each) => satisfies(each, range)),
        allowed,
      );
    });
  }
});
