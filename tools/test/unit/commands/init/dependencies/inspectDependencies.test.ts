import assert from "node:assert/strict";
import fs from "node:fs";

import { temporaryFolder, type Tree } from "../../../../../../test/unit/helpers/folders";
import { inspectDependencies } from "../../../../../commands/init/dependencies/inspectDependencies";

const uvLock = `version = 1
requires-python = ">=3.11"

[[package]]
name = "shop"
source = { virtual = "." }
dependencies = [{ name = "django" }, { name = "psycopg", extra = ["c"] }, { name = "tax" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]
production = [{ name = "gunicorn" }]

[[package]]
name = "django"
version = "5.2.1"
dependencies = [{ name = "asgiref" }]

[[package]]
name = "asgiref"
version = "3.9.0"

[[package]]
name = "psycopg"
version = "3.2.0"

[package.optional-dependencies]
c = [{ name = "psycopg-c" }]

[[package]]
name = "psycopg-c"
version = "3.2.0"

[[package]]
name = "gunicorn"
version = "23.0.0"

[[package]]
name = "pytest"
version = "8.0.0"

[[package]]
name = "tax"
version = "0.1.0"
source = { editable = "libraries/tax" }
`;

const poetryLock = `
[[package]]
name = "Django"
version = "5.1.4"
groups = ["main"]

[[package]]
name = "pytest"
version = "8.0.0"
groups = ["dev"]

[[package]]
name = "reports"
version = "1.0"
groups = ["main"]

[package.source]
type = "git"
url = "https://example.com/reports.git"

[metadata]
python-versions = "^3.10"
`;

describe("how a project's dependencies are installed", () => {
  const folder = temporaryFolder();
  const inspect = (tree: Tree, manageFolder?: string, kind?: string): ReturnType<typeof inspectDependencies> => {
    folder.write(tree);
    return inspectDependencies(folder.path(), manageFolder, [], kind);
  };

  it("is from uv.lock, with what a server needs of it", () => {
    const found = inspect({ "uv.lock": uvLock, "pyproject.toml": "[project]\n", "requirements.txt": "django\n" });
    assert.deepEqual(found.tool, { value: "uv", where: "uv.lock" });
    assert.deepEqual(found.files, ["uv.lock", "pyproject.toml"]);
    assert.deepEqual(Object.fromEntries([...found.packages].sort()), {
      asgiref: "3.9.0",
      django: "5.2.1",
      gunicorn: "23.0.0",
      psycopg: "3.2.0",
      "psycopg-c": "3.2.0",
      tax: "0.1.0",
    });
    assert.deepEqual(found.groups, ["production"]);
    assert.equal(found.needsSources, true);
  });

  it("is from poetry.lock without groups for development, and says what is cloned", () => {
    const found = inspect({ "poetry.lock": poetryLock, "pyproject.toml": '[tool.poetry]\nname = "shop"\n' });
    assert.deepEqual(found.tool, { value: "poetry", where: "poetry.lock" });
    assert.deepEqual(
      [...found.packages],
      [
        ["django", "5.1.4"],
        ["reports", "1.0"],
      ],
    );
    assert.equal(found.needsGit, true);
    assert.deepEqual(found.python, { value: "3.13", where: "poetry.lock" });
  });

  it("is that of the member of a workspace that has manage.py", () => {
    const member = (name: string, place: string, needs: string): string =>
      `[[package]]\nname = "${name}"\nsource = { virtual = "${place}" }\ndependencies = [${needs}]\n`;
    const lock = [
      member("root", ".", ""),
      member("api", "packages/api", '{ name = "flask" }'),
      member("web", "packages/web", '{ name = "django" }'),
      '[[package]]\nname = "django"\nversion = "5.2.1"\n[[package]]\nname = "flask"\nversion = "3.0"\n',
    ];
    const found = inspect({ "uv.lock": lock.join(""), "pyproject.toml": "" }, "packages/web/src");
    assert.deepEqual([...found.packages], [["django", "5.2.1"]]);
    assert.equal(found.member, "web");
    const files = { "packages/web/pyproject.toml": "" };
    assert.deepEqual(inspect(files, "packages/web/src").files, [
      "uv.lock",
      "pyproject.toml",
      "packages/web/pyproject.toml",
    ]);
  });

  const optional: [title: string, tree: Tree, groups: string[], extras: string[]][] = [
    [
      "an extra of pyproject.toml",
      {
        "pyproject.toml":
          '[project]\nname = "shop"\n[project.optional-dependencies]\ntests = ["pytest"]\nweb = ["Django==5.2.1"]\n',
      },
      [],
      ["web"],
    ],
    [
      "a group of pyproject.toml",
      { "pyproject.toml": '[dependency-groups]\ndev = ["pytest"]\nweb = ["Django==5.2.1", {include-group = "x"}]\n' },
      ["web"],
      [],
    ],
    [
      "an extra of pyproject.toml with pdm, to which it is a group",
      { "pyproject.toml": '[tool.pdm]\n[project.optional-dependencies]\nweb = ["Django==5.2.1"]\n' },
      ["web"],
      [],
    ],
    [
      "a group of Poetry",
      { "pyproject.toml": '[tool.poetry.group.web.dependencies]\nDjango = "==5.2.1"\n' },
      ["web"],
      [],
    ],
    [
      "an extra of uv.lock",
      {
        "uv.lock":
          '[[package]]\nname = "shop"\nsource = { virtual = "." }\n[package.optional-dependencies]\nweb = [{ name = "django" }]\n[[package]]\nname = "django"\nversion = "5.2.1"\n',
      },
      [],
      ["web"],
    ],
    [
      "a group of poetry.lock",
      { "poetry.lock": '[[package]]\nname = "django"\nversion = "5.2.1"\ngroups = ["web"]\n' },
      ["web"],
      [],
    ],
    [
      "an extra of poetry.lock",
      {
        "poetry.lock":
          '[[package]]\nname = "django"\nversion = "5.2.1"\noptional = true\ngroups = ["main"]\n[extras]\nweb = ["django (>=5)"]\n',
      },
      [],
      ["web"],
    ],
    [
      "a group of pdm.lock",
      { "pdm.lock": '[[package]]\nname = "django"\nversion = "5.2.1"\ngroups = ["web"]\n' },
      ["web"],
      [],
    ],
  ];
  for (const [title, tree, groups, extras] of optional) {
    it(`is with ${title} where Django is nowhere else`, () => {
      const found = inspect(tree);
      assert.deepEqual([found.groups, found.extras], [groups, extras]);
      assert.equal(found.packages.get("django"), "5.2.1");
    });
  }

  it("is from pdm.lock and its default group", () => {
    const lock = `[[package]]\nname = "django"\nversion = "5.2"\ngroups = ["default"]\n
[[package]]\nname = "pytest"\nversion = "8.0"\ngroups = ["dev"]\n`;
    const found = inspect({ "pdm.lock": lock, "pyproject.toml": "[project]\n" });
    assert.deepEqual(found.tool, { value: "pdm", where: "pdm.lock" });
    assert.deepEqual([...found.packages], [["django", "5.2"]]);
  });

  const production = { production: ["shop[postgres]", "gunicorn"], postgres: ["psycopg[binary]"], test: ["pytest"] };
  const pyproject = [
    '[project]\nname = "Shop"\ndependencies = ["django"]\n[project.optional-dependencies]',
    ...Object.entries(production).map(([name, requirements]) => `${name} = ${JSON.stringify(requirements)}`),
  ].join("\n");

  it("has the project's own extras for servers, with those that they name", () => {
    const found = inspect({ "pyproject.toml": pyproject });
    assert.deepEqual([found.extras, found.groups], [["production"], []]);
    assert.deepEqual([...found.packages.keys()].sort(), ["django", "gunicorn", "psycopg", "psycopg-binary"]);
  });

  it("has those of a lock file, which are groups to PDM", () => {
    const locked = (name: string, more: string): string => `[[package]]\nname = "${name}"\nversion = "1"\n${more}\n`;
    const uv = inspect({
      "uv.lock": `${locked("shop", 'source = { virtual = "." }\n[package.optional-dependencies]\nprod = [{ name = "gunicorn" }]\ntest = [{ name = "pytest" }]\n')}${locked("gunicorn", "")}${locked("pytest", "")}`,
    });
    assert.deepEqual([uv.extras, [...uv.packages.keys()]], [["prod"], ["gunicorn"]]);
    fs.rmSync(folder.path("uv.lock"));
    const poetry = inspect({
      "poetry.lock": `${locked("gunicorn", "optional = true")}${locked("pytest", "optional = true")}[extras]\nprod = ["gunicorn"]\ntest = ["pytest"]\n`,
    });
    assert.deepEqual([poetry.extras, [...poetry.packages.keys()]], [["prod"], ["gunicorn"]]);
    fs.rmSync(folder.path("poetry.lock"));
    const pdm = inspect({
      "pdm.lock": `${locked("gunicorn", 'groups = ["prod"]')}${locked("pytest", 'groups = ["test"]')}[metadata]\ngroups = ["default", "prod", "test"]\n`,
    });
    assert.deepEqual([pdm.groups, [...pdm.packages.keys()]], [["prod"], ["gunicorn"]]);
  });

  it("is from Pipfile.lock without what is for development", () => {
    const django = { version: "==4.2.1", extras: ["argon2"] };
    const lock = { _meta: { requires: { python_version: "3.11" } }, default: { django }, develop: { pytest: {} } };
    const found = inspect({ "Pipfile.lock": JSON.stringify(lock), Pipfile: '[requires]\npython_version = "3.11"\n' });
    assert.deepEqual(found.tool, { value: "pipenv", where: "Pipfile.lock" });
    assert.deepEqual(
      [...found.packages],
      [
        ["django", "4.2.1"],
        ["argon2-cffi", undefined],
      ],
    );
    assert.deepEqual(found.python, { value: "3.11", where: "Pipfile" });
  });

  it("is from the requirements for production, with what they include", () => {
    const found = inspect({
      "requirements.txt": "Django\n",
      "requirements/base.txt": "Django==5.2.1  # the framework\nPillow>=11 ; python_version >= '3.9'\n-c limits.txt\n",
      "requirements/production.txt":
        "-r base.txt\npsycopg[binary]~=3.2\ngit+https://example.com/tax.git@main#egg=Tax_Rates\n",
      "requirements/limits.txt": "psycopg2==2.9\n",
      "requirements/dev.txt": "-r base.txt\npytest\n",
    });
    assert.deepEqual(found.tool, { value: "pip", where: "requirements/production.txt" });
    assert.deepEqual(
      found.files,
      ["production", "base", "limits"].map((name) => `requirements/${name}.txt`),
    );
    assert.deepEqual(Object.fromEntries(found.packages), {
      django: "5.2.1",
      pillow: undefined,
      psycopg: undefined,
      "psycopg-binary": undefined,
      "tax-rates": undefined,
    });
    assert.deepEqual([found.needsGit, found.needsSources], [true, false]);
  });

  it("is from the requirements that are called as the settings module is", () => {
    const files = {
      "requirements/base.txt": "Django\n",
      "requirements/production.txt": "-r base.txt\n",
      "requirements/render.txt": "-r base.txt\nwhitenoise\n",
    };
    const toolFor = (kind: string): string | undefined => inspect(files, ".", kind).tool?.where;
    assert.deepEqual(["render", "base", "heroku"].map(toolFor), [
      "requirements/render.txt",
      "requirements/production.txt",
      "requirements/production.txt",
    ]);
  });

  it("is from requirements with hashes that pip-tools compiled", () => {
    const text = `django==5.2.1 \\\n    --hash=sha256:${"a".repeat(64)} \\\n    --hash=sha256:${"b".repeat(64)}\n    # via -r requirements.in\n`;
    const found = inspect({ "requirements.in": "django\n", "requirements.txt": text });
    assert.deepEqual(found.tool, { value: "pip-tools", where: "requirements.txt" });
    assert.deepEqual(found.files, ["requirements.txt"]);
    assert.deepEqual([...found.packages], [["django", "5.2.1"]]);
  });

  it("leaves out what is not for Linux", () => {
    const found = inspect({
      "requirements.txt":
        "django\npywin32; sys_platform == 'win32'\nmysqlclient==2.2 ; platform_system!=\"Linux\"\nuvloop; sys_platform != 'win32'\npsycopg; os_name == 'posix' or python_version < '3'\n",
    });
    assert.deepEqual([...found.packages.keys()], ["django", "uvloop", "psycopg"]);
    assert.equal(found.needsSources, false);
  });

  it("is by the sources for a folder of the project", () => {
    assert.equal(inspect({ "requirements.txt": "django\n-e ./libraries/tax\n" }).needsSources, true);
  });

  it("is from pyproject.toml where nothing is locked", () => {
    const project = '[project]\nrequires-python = ">=3.12"\ndependencies = ["Django>=5.2,<6", "channels[daphne]"]\n';
    const found = inspect({ "pyproject.toml": project });
    assert.deepEqual(found.tool, { value: "uv", where: "pyproject.toml" });
    assert.deepEqual([...found.packages.keys()], ["django", "channels", "daphne"]);
  });

  it("is from the place that has Django, in the project's folder or one below", () => {
    const tooling = '[project]\ndependencies = ["ruff"]\n';
    assert.deepEqual(inspect({ "pyproject.toml": tooling, "requirements.txt": "django\n" }).files, [
      "requirements.txt",
    ]);
  });

  it("is from a folder below where the project's has nothing", () => {
    assert.deepEqual(inspect({ "backend/requirements.txt": "django\n" }).files, ["backend/requirements.txt"]);
  });

  it("is not known where nothing says it", () => {
    const found = inspect({ "manage.py": "" });
    assert.deepEqual([found.tool, found.files, found.python], [undefined, [], undefined]);
  });

  it("is a setup.cfg that describes a package, and not one of tools alone", () => {
    assert.equal(inspect({ "setup.cfg": "[flake8]\nmax-line-length = 79\n" }).tool, undefined);
    assert.deepEqual(inspect({ "setup.cfg": "[metadata]\nname = shop\n" }).files, ["setup.cfg"]);
  });

  it("does not follow a link out of the project", () => {
    folder.write({ "secret.txt": "django\n", "shop/requirements.txt": { symlink: "../secret.txt" } });
    assert.equal(inspectDependencies(folder.path("shop")).tool, undefined);
  });

  it("fails with the file and the line that cannot be read", () => {
    assert.throws(
      () => inspect({ "pyproject.toml": "[project\n" }),
      /^Error: pyproject\.toml:1 could not be read: Invalid TOML/,
    );
  });
});
