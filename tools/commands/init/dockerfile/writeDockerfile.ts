import path from "node:path";

import { quote } from "shell-quote";

import { commandInstruction, loadCommand } from "./command";
import { installation, installationFolder, pipCache, pipInstall } from "./install";
import type { DockerfilePlan } from "./plan";
import { staticFilesModule, wrapper } from "./staticFiles";

/** The user's number: not root, and not one that the base image has. */
const user = "10001:10001";

/** Writes the Dockerfile of a plan. */
export function writeDockerfile(plan: DockerfilePlan): string {
  return `ARG PYTHON_VERSION=${plan.python}\n\n${venvStage(plan)}\n\n\n${runtimeStage(plan)}\n`;
}

/** A RUN with its mounts, each on a line of its own. */
function run(mounts: readonly string[], command: readonly string[]): string {
  const lines = [...mounts.map((mount) => `--mount=${mount}`), ...command];
  return `RUN ${lines.join(" \\\n    ")}`;
}

function installDebian(packages: readonly string[]): string[] {
  if (packages.length === 0) {
    return [];
  }
  const mounts = ["/var/cache/apt", "/var/lib/apt/lists"].map((target) => `type=cache,target=${target},sharing=locked`);
  return [
    run(mounts, ["apt-get update && apt-get install --yes --no-install-recommends", `    ${packages.join(" ")}`]),
  ];
}

function venvStage(plan: DockerfilePlan): string {
  const installed = installation(plan);
  const folder = installationFolder(plan.files);
  const cached = `type=cache,target=${installed?.cache ?? pipCache}`;
  const tool = installed?.tool ?? [];
  const blocks = [
    [`FROM python:\${PYTHON_VERSION}-slim AS venv`],
    [`WORKDIR ${path.posix.join("/app", folder)}`],
    installDebian(plan.buildPackages),
    [
      "# pip stays out of the image: the base's pip installs into the environment.",
      "RUN python -m venv --without-pip /venv",
    ],
    tool.length === 0
      ? []
      : [
          run(
            [`type=cache,target=${pipCache}`],
            [`python -m venv /tool && /tool/bin/pip install --disable-pip-version-check ${tool.join(" ")}`],
          ),
        ],
    installed === undefined
      ? []
      : [
          ...environment(installed.environment),
          run(
            [cached, ...sources(plan, folder), ...plan.secrets.map((id) => `type=secret,id=${id}`)],
            [...plan.secrets.map((id) => `export ${id}="$(cat /run/secrets/${id})" &&`), ...installed.command],
          ),
        ],
    plan.needsSetuptools
      ? [
          "# An environment of this Python has setuptools, whose pkg_resources packages of its time import: the last with",
          "# that for this Python, unless a package has brought an older one.",
          run([`type=cache,target=${pipCache}`], pipInstall('"setuptools<81"')),
        ]
      : [],
    plan.additions.length === 0
      ? []
      : ["# What serves the project.", run([`type=cache,target=${pipCache}`], pipInstall(plan.additions.join(" ")))],
    [
      "# Nothing can be compiled on a read-only file system, and a start without bytecode is slow. The tests of packages",
      "# do without, and of translations only the compiled ones are read. Some packages contain templates that cannot be",
      "# compiled.",
      run(
        [],
        [
          `find /venv -name "*.po" -delete;`,
          "python -m compileall -qq --invalidation-mode unchecked-hash",
          `    -x "site-packages/(?!django/).*/tests?/" /venv/lib || true`,
        ],
      ),
    ],
  ];
  return join(blocks);
}

const environment = (values: Readonly<Record<string, string>>): string[] => {
  const pairs = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? [] : [`ENV ${pairs.join(" \\\n    ")}`];
};

/** The files that an installation reads, or everything where it reads the sources. */
function sources({ needsSources, files }: DockerfilePlan, folder: string): string[] {
  if (needsSources) {
    return ["type=bind,target=/app,rw"];
  }
  const target = (file: string): string => (folder === "." ? file : path.posix.join("/app", file));
  return files.map((file) => `type=bind,source=${file},target=${target(file)}`);
}

function runtimeStage(plan: DockerfilePlan): string {
  const imported = [...(plan.importsFromSrc ? ["/app/src"] : []), ...(plan.wrapsApplication ? [wrapper.folder] : [])];
  const values = {
    PATH: "/venv/bin:$PATH",
    PYTHONUNBUFFERED: "1",
    PORT: "8000",
    ...(plan.server === "gunicorn" && { WEB_CONCURRENCY: "2" }),
    ...(imported.length > 0 && { PYTHONPATH: imported.join(":") }),
    ...(plan.settingsModule !== undefined && { DJANGO_SETTINGS_MODULE: plan.settingsModule }),
  };
  return join([
    [`FROM python:\${PYTHON_VERSION}-slim`],
    installDebian(plan.runtimePackages),
    [
      "# The user owns the project's folder: a SQLite file or uploads can be written there.",
      run(
        [],
        [
          "useradd --uid 10001 --user-group --create-home --key HOME_MODE=0755 django",
          "&& install --directory --owner 10001 --group 10001 /app",
        ],
      ),
    ],
    environment(values),
    [`WORKDIR ${path.posix.join("/app", plan.manageFolder)}`],
    ["COPY --from=venv /venv /venv"],
    plan.environments.length === 0
      ? []
      : [
          "# Scripts of the project activate the environment by another name.",
          ...plan.environments.map((folder) =>
            run([], [`mkdir --parents ${path.posix.dirname(folder)} && ln --symbolic /venv ${folder}`]),
          ),
        ],
    [
      "# The official image has no bytecode for Python's own library either: load once what every start loads.",
      run([], loadCommand(plan)),
    ],
    plan.wrapsApplication
      ? [`COPY <<"END" ${wrapper.folder}/${wrapper.module}.py`, `${staticFilesModule(plan)}END`]
      : [],
    [`COPY --chown=${user} . /app`],
    prepare(plan.collectStatic),
    ["# Numeric, so that Kubernetes can tell that it is not root.", `USER ${user}`],
    ["EXPOSE 8000"],
    [commandInstruction(plan)],
  ]);
}

/** What is made of the sources: bytecode and, if there is a folder for them, the static files of all apps. */
function prepare(variables: DockerfilePlan["collectStatic"]): string[] {
  const compile = "python -m compileall -qq --invalidation-mode unchecked-hash /app";
  const own = `chown --recursive --from=root:root ${user} /app`;
  if (variables === undefined) {
    return [
      "# A file that cannot be compiled is left to the process, whose traceback is shown.",
      run([], [`${compile};`, own]),
    ];
  }
  const set = [...variables].map(([name, value]) => `${name}=${shellWord(value)}`);
  const note =
    set.length === 0
      ? []
      : [
          "# The settings have no default for these variables: collectstatic gets placeholders, which the image does",
          "# not keep. Add those that it still misses.",
        ];
  const collect = [...set, "python manage.py collectstatic --no-input --verbosity 0"];
  return [...note, run([], [`${compile};`, ...collect, `&& ${own}`])];
}

/** shell-quote would put a backslash before the colon of a URL. */
const shellWord = (value: string): string => (/^[\w./:@-]+$/.test(value) ? value : quote([value]));

const join = (blocks: readonly (readonly string[])[]): string =>
  blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
