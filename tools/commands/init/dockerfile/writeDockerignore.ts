import type { SettingsFindings } from "../findings";

/** What no image of a Django project needs. */
const common = [
  [
    "# Version control, editors, the image's own description",
    ".git",
    ".gitattributes",
    ".github",
    ".gitlab-ci.yml",
    ".idea",
    ".vscode",
    "**/.DS_Store",
    "Dockerfile*",
    ".dockerignore",
    "compose*.y*ml",
    "docker-compose*.y*ml",
    "Pulumi*.yaml",
  ],
  ["# Secrets: a process gets its variables from the stack's config", "**/.env", "**/.env.*", ".envs"],
  [
    "# What is made on a developer's machine",
    "**/.venv",
    "venv",
    "env",
    "**/__pycache__",
    "**/*.py[cod]",
    "**/.mypy_cache",
    "**/.pytest_cache",
    "**/.ruff_cache",
    ".tox",
    ".nox",
    ".coverage*",
    "htmlcov",
    "**/node_modules",
    "**/*.log",
  ],
  ["# Data", "**/*.sqlite3", "**/*.sqlite3-*"],
];

/**
 * Writes the `.dockerignore` of a project that has none: a list of what stays out.
 *
 * @param checkout folder of this program in the project, whose state changes with each update. @default elsewhere
 */
export function writeDockerignore({ mediaRoot }: Pick<SettingsFindings, "mediaRoot">, checkout?: string): string {
  const [...blocks] = common;
  const data = blocks.pop() ?? [];
  const all = [
    ...blocks,
    ...(checkout === undefined ? [] : [["# What deploys the project", checkout]]),
    [...data, ...(mediaRoot === undefined ? [] : ["media"])],
  ];
  return `${all.map((block) => block.join("\n")).join("\n\n")}\n`;
}
