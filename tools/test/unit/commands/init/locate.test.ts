import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../../../components/problem";
import { locate } from "../../../../commands/init/locate";
import { inFolder } from "./folder";

describe("where a project is", () => {
  const asked = "as you asked";
  const places: [title: string, files: Record<string, string>, project: string, manage: string, where: string][] = [
    ["the folder with manage.py", { "manage.py": "" }, "", "", asked],
    ["a folder below it that has manage.py alone", { "app/manage.py": "" }, "app", "app", "manage.py"],
    ["the root above src/ that has the Dockerfile", { "src/manage.py": "", Dockerfile: "" }, "", "src", asked],
    [
      "the folder below the root that has the Dockerfile",
      { "app/manage.py": "", "app/docker/Dockerfile": "" },
      "app",
      "app",
      "docker/Dockerfile",
    ],
    ["the root that has the dependencies", { "src/manage.py": "", "pyproject.toml": "" }, "", "src", asked],
    [
      "the folder below the root that has the dependencies",
      { "app/manage.py": "", "app/requirements.txt": "" },
      "app",
      "app",
      "requirements.txt",
    ],
    [
      "the build context of a compose file beside the project, below the root",
      { "src/manage.py": "", "src/compose.yaml": "services: { web: { build: . } }" },
      "src",
      "src",
      "src/compose.yaml:1",
    ],
    [
      "the build context of compose",
      { "app/manage.py": "", Dockerfile: "", "compose.yaml": "services: { web: { build: app } }" },
      "app",
      "app",
      "compose.yaml:1",
    ],
  ];
  for (const [title, files, project, manage, where] of places) {
    it(`is ${title}`, async () => {
      await inFolder(files, (folder) => {
        const place = locate(folder);
        assert.deepEqual(
          [place.project, place.manage, place.where],
          [path.join(folder, project), path.join(folder, manage), where],
        );
      });
    });
  }

  it("is the build context of a compose file one folder further out", async () => {
    await inFolder({ "app/manage.py": "", "compose.yaml": "services: { web: { build: . } }" }, (folder) => {
      assert.equal(locate(path.join(folder, "app")).project, folder);
    });
  });

  it("is the root of the workspace of uv whose member was named", async () => {
    const files = {
      "uv.lock": "",
      "pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']\n",
      "packages/web/pyproject.toml": "[project]\nname = 'web'\n",
      "packages/web/manage.py": "",
    };
    await inFolder(files, (folder) => {
      const { project, manage, where } = locate(path.join(folder, "packages/web"));
      assert.deepEqual([project, manage, where], [folder, path.join(folder, "packages/web"), "uv.lock"]);
    });
  });

  it("is not looked for in other people's code", async () => {
    const files = { "app/manage.py": "", "node_modules/x/manage.py": "", ".venv/lib/manage.py": "" };
    await inFolder(files, (folder) => {
      assert.equal(locate(folder).manage, path.join(folder, "app"));
    });
  });

  it("is not a template beside it, nor one whose manage.py explains what a template has", async () => {
    const template = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{{ project_name }}.settings")\n';
    const files = {
      "a_template/manage.py": template,
      "b/{{ name }}/manage.py": "",
      "c/demo/manage.py": '"""Made of {{ project_name }}."""\n',
    };
    await inFolder(files, (folder) => {
      assert.equal(locate(folder).manage, path.join(folder, "c/demo"));
    });
  });

  const mistakes: [title: string, files: Record<string, string>, name: string, failed: RegExp][] = [
    ["a folder that is not there", {}, "nope", /^nope is not there: allowed is the folder of a Django project$/],
    ["an empty name", { "manage.py": "" }, "", /^"" is not there: allowed is the folder of a Django project$/],
    ["a file", { x: "" }, "x", /^x is no folder: /],
    ["a path below a file", { x: "" }, "x/y", /^x\/y is not there: /],
    ["a folder without manage.py", { "x/y": "" }, "x", /^x holds no manage\.py, and no folder below it does$/],
    [
      "several projects",
      { "x/a/manage.py": "", "x/b/manage.py": "" },
      "x",
      /^x holds several Django projects: x\/a, x\/b$/,
    ],
    [
      "a template of a project",
      { "x/{{ name }}/manage.py": "" },
      "x",
      /^x is a template of projects: \{\{ name \}\} stands for a name$/,
    ],
    [
      "a template of a project whose manage.py has a name yet to be filled in",
      { "x/src/manage.py": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{{ project_name }}.settings")\n' },
      "x",
      /^x is a template of projects: \{\{ project_name \}\} in src\/manage\.py stands for a name$/,
    ],
    [
      "a template of a project whose manage.py imports from a name yet to be filled in",
      { "x/manage.py": "import sys\nfrom {{ project_name }}.env import load\n" },
      "x",
      /^x is a template of projects: \{\{ project_name \}\} in manage\.py stands for a name$/,
    ],
    [
      "a template of a project whose manage.py is yet to be made",
      { "x/src/manage.py-tpl": "" },
      "x",
      /^x is a template of projects: src\/manage\.py-tpl becomes manage\.py$/,
    ],
  ];
  for (const [title, files, name, failed] of mistakes) {
    it(`is refused for ${title}`, async () => {
      await inFolder(files, (folder) => {
        assert.throws(
          () => locate(name, folder),
          (error) => error instanceof Problem && failed.test(error.failed) && error.help !== undefined,
        );
      });
    });
  }

  it("is not followed through a link to other files", async () => {
    await inFolder(
      { "shop/src/manage.py": "", "shop/Dockerfile": "", "other/compose.yaml": "services: { web: { build: src } }" },
      (folder) => {
        fs.symlinkSync(path.join(folder, "other/compose.yaml"), path.join(folder, "shop/compose.yaml"));
        assert.equal(locate(path.join(folder, "shop")).project, path.join(folder, "shop"));
      },
    );
  });
});
