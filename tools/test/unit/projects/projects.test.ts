import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { chooseShapes } from "../../../projects/projects";
import { shapes } from "../../../projects/shapes";

describe("The projects of test/projects/", () => {
  it("have a shape each", () => {
    const folders = fs.readdirSync(path.resolve(__dirname, "../../../../test/projects"));
    assert.deepEqual(shapes.map(({ name }) => name).sort(), folders.sort());
  });

  it("are taken by their names, or all of them", () => {
    assert.deepEqual(
      chooseShapes(["uv", "api"]).map(({ name }) => name),
      ["uv", "api"],
    );
    assert.equal(chooseShapes([]), shapes);
  });

  it("are named where there is none of that name", () => {
    assert.throws(
      () => chooseShapes(["uv", "pdm"]),
      /^Error: There is no project "pdm" in test\/projects\/: there are tutorial, requirements, uv, .*, two-projects, celery$/,
    );
  });
});
