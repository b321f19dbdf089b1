import semver from "semver";

/** What a Dockerfile may install by itself. */
export type Pinned =
  | "django"
  | "gunicorn"
  | "whitenoise"
  | "uvicorn"
  | "websockets"
  | "uv"
  | "poetry"
  | "poetry-plugin-export"
  | "pdm"
  | "hishel"
  | "pipenv";

const current: Readonly<Record<Pinned, string>> = {
  django: "5.2.19",
  gunicorn: "27.0.1",
  whitenoise: "6.12.0",
  uvicorn: "0.54.0",
  websockets: "15.0.1",
  uv: "0.13.9",
  poetry: "2.5.1",
  "poetry-plugin-export": "1.10.1",
  pdm: "2.29.4",
  hishel: "1.4.0",
  pipenv: "2026.10.3",
};

/** The last releases that run with Python 3.9. */
const last: Readonly<Partial<Record<Pinned, string>>> = {
  django: "4.2.27",
  gunicorn: "23.0.0",
  whitenoise: "6.11.0",
  uvicorn: "0.39.0",
  poetry: "2.2.1",
  "poetry-plugin-export": "1.9.0",
  pdm: "2.26.9",
  hishel: "1.1.8",
  pipenv: "2025.0.4",
};

/** A package with the version to install, `gunicorn==27.0.1`, for a minor version of Python. */
export function pinned(name: Pinned, python: string): string {
  const version = semver.lt(`${python}.0`, "3.10.0") ? (last[name] ?? current[name]) : current[name];
  return `${name}==${version}`;
}
