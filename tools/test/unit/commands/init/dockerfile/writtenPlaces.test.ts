import assert from "node:assert/strict";

import { temporaryFolder } from "../../../../../../test/unit/helpers/folders";
import { knownPlaces } from "../../../../../../test/unit/helpers/imagePlaces";
import { planDockerfile } from "../../../../../commands/init/dockerfile/planDockerfile";
import { writeDockerfile } from "../../../../../commands/init/dockerfile/writeDockerfile";
import type { DependencyTool } from "../../../../../commands/init/findings";
import { dependencies, found, settings } from "./helpers";

describe("The Dockerfile that init writes", () => {
  const folder = temporaryFolder();
  const files = ["manage.py", "shop/__init__.py", "shop/models.py", "shop/static/a.css", "shop/views.py"];
  const builds = (file: string, tools: Parameters<typeof dependencies>[1], collects: boolean): string[] => {
    const changes = collects ? { staticRoot: found(true as const) } : {};
    const text = writeDockerfile(planDockerfile(settings(changes), dependencies(["django"], tools)));
    const places = knownPlaces(folder, { lines: text.split("\n"), files: [...files, file] });
    assert.deepEqual(places.roots, ["/app"]);
    assert.deepEqual(places.placesOf("shop/views.py"), ["/app/shop/views.py"]);
    return [...files, file].filter((each) => places.needsBuild(each, { debug: false }) !== undefined);
  };

  it("tells where the project is, whatever tool installs its dependencies", () => {
    assert.deepEqual(builds("requirements.txt", {}, false), ["requirements.txt"]);
    const rows: [DependencyTool, string][] = [
      ["uv", "uv.lock"],
      ["poetry", "poetry.lock"],
      ["pdm", "pdm.lock"],
      ["pipenv", "Pipfile.lock"],
    ];
    for (const [tool, file] of rows) {
      assert.deepEqual(builds(file, { tool: found(tool), files: [file] }, false), [file]);
    }
  });

  it("builds for a static file that it collects", () => {
    assert.deepEqual(builds("requirements.txt", {}, true), ["shop/static/a.css", "requirements.txt"]);
  });

  it("tells where the project is if its sources are mounted for the installation", () => {
    assert.deepEqual(builds("setup.py", { files: ["setup.py"], needsSources: true }, false), ["setup.py"]);
  });
});
