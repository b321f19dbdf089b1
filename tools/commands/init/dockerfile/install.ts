import path from "node:path";

import type { DockerfilePlan } from "./plan";
import { pinned } from "./versions";

/** How a tool installs a project's dependencies into /venv. */
export interface Installation {
  /** Packages that are installed first, into an environment of their own; none for pip, which the base image has. */
  tool: string[];
  /** Folder of the tool's cache. */
  cache: string;
  environment: Record<string, string>;
  command: string[];
}

type Plan = Pick<DockerfilePlan, "tool" | "files" | "groups" | "extras" | "member" | "python">;

/** pip of the base image, on the environment that has no pip. */
export const pipInstall = (what: string): string[] => [
  "python -m pip --python /venv/bin/python install",
  `    --disable-pip-version-check --no-compile ${what}`,
];
export const pipCache = "/root/.cache/pip";

/** The folder, relative to the project, that a developer installs from: requirements name paths relative to it. */
export function installationFolder([first = "."]: readonly string[]): string {
  const folder = path.posix.dirname(first);
  return path.posix.basename(folder) === "requirements" ? path.posix.dirname(folder) : folder;
}

/** An option for each value, on lines of their own. */
const options = (name: string, values: readonly string[]): string[] => values.map((value) => `    ${name} ${value}`);

/** The installation of a plan; undefined where nothing names the dependencies. */
export function installation(plan: Plan): Installation | undefined {
  const [first = ""] = plan.files;
  const isLocked = /\.lock$/.test(first);
  switch (plan.tool) {
    case undefined:
      return undefined;
    case "pip":
    case "pip-tools": {
      const what = /\.(?:txt|in)$/.test(first)
        ? `-r ${path.posix.relative(installationFolder(plan.files), first)}`
        : "-e .";
      return { tool: [], cache: pipCache, environment: {}, command: pipInstall(what) };
    }
    case "uv": {
      const more = [...options("--group", plan.groups), ...options("--extra", plan.extras)];
      const which =
        plan.member === undefined
          ? "--no-install-project"
          : `--package ${plan.member} --no-install-package ${plan.member}`;
      const command = isLocked
        ? [`/tool/bin/uv sync --frozen --no-dev ${which}`, ...more]
        : ["/tool/bin/uv pip install --python /venv/bin/python -r pyproject.toml", ...more];
      const environment = {
        UV_LINK_MODE: "copy",
        UV_PROJECT_ENVIRONMENT: "/venv",
        UV_PYTHON: "/venv/bin/python",
        UV_PYTHON_DOWNLOADS: "never",
      };
      return { tool: [pinned("uv", plan.python)], cache: "/root/.cache/uv", environment, command };
    }
    case "poetry": {
      const environment = { POETRY_NO_INTERACTION: "1", VIRTUAL_ENV: "/venv" };
      const only = ["main", ...plan.groups].join(",");
      const extras = options("--extras", plan.extras);
      const poetry = pinned("poetry", plan.python);
      if (!isLocked) {
        const command = [`/tool/bin/poetry install --only ${only} --no-root`, ...extras];
        return { tool: [poetry], cache: "/root/.cache/pypoetry", environment, command };
      }
      // pip checks the hashes of the lock file, and needs nothing of PyPI but its index.
      const [install = "", ...flags] = pipInstall("-r /requirements.txt");
      const exported = [...extras.map((extra) => extra.trim()), "--output /requirements.txt"].join(" ");
      return {
        tool: [poetry, pinned("poetry-plugin-export", plan.python)],
        cache: pipCache,
        environment: { POETRY_NO_INTERACTION: "1" },
        command: [`/tool/bin/poetry export --only ${only} ${exported}`, `&& ${install}`, ...flags],
      };
    }
    case "pdm": {
      // To it, extras are groups.
      const groups = options("--group", [...plan.groups, ...plan.extras]);
      const environment = { PDM_CHECK_UPDATE: "0", PDM_IGNORE_SAVED_PYTHON: "1", VIRTUAL_ENV: "/venv" };
      const kind = isLocked ? "sync" : "install";
      const command = [`/tool/bin/pdm ${kind} --prod --no-self --no-editable`, ...groups];
      // A later hishel breaks it.
      return {
        tool: [pinned("pdm", plan.python), pinned("hishel", plan.python)],
        cache: "/root/.cache/pdm",
        environment,
        command,
      };
    }
    case "pipenv": {
      const environment = { PIP_NO_COMPILE: "1", PIPENV_IGNORE_VIRTUALENVS: "0", VIRTUAL_ENV: "/venv" };
      const command = [`/tool/bin/pipenv ${isLocked ? "sync" : "install --skip-lock"}`];
      return { tool: [pinned("pipenv", plan.python)], cache: pipCache, environment, command };
    }
  }
}
