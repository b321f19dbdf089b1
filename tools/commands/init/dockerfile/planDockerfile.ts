import semver from "semver";

import type { DependencyFindings, SettingsFindings } from "../findings";
import { defaultPython } from "../dependencies/python";
import { debianPackages } from "./debianPackages";
import { placeholders } from "./placeholders";
import type { DockerfilePlan, Server } from "./plan";
import { type Pinned, pinned } from "./versions";

const asgiServers = ["daphne", "uvicorn", "hypercorn", "granian"] as const;

/**
 * Decides what a Dockerfile for a project contains.
 *
 * @param activated folders of environments that the project's scripts activate
 */
export function planDockerfile(
  settings: SettingsFindings,
  dependencies: DependencyFindings,
  activated: readonly string[] = [],
): DockerfilePlan {
  const python = dependencies.python?.value ?? defaultPython;
  const has = (name: string): boolean => dependencies.packages.has(name);
  const { server, ...served } = chooseServer(settings, has);
  const wrapsApplication = settings.servesStaticFiles === undefined && usesStaticFiles(settings);
  const wanted: Pinned[] = [
    ...(dependencies.tool === undefined ? (["django"] as const) : []),
    ...(server === "gunicorn" ? (["gunicorn"] as const) : []),
    // uvicorn accepts websockets only with a library for them.
    ...(server === "uvicorn" ? (["uvicorn", "websockets"] as const) : []),
    ...(wrapsApplication ? (["whitenoise"] as const) : []),
  ];
  const needed = {
    geoDjango: settings.usesGeoDjango !== undefined,
    spatialite: settings.databaseEngine?.endsWith(".spatialite") === true,
    git: dependencies.needsGit,
  };
  const debian = debianPackages(new Set(dependencies.packages.keys()), needed);
  return {
    python,
    tool: dependencies.tool?.value,
    files: dependencies.files,
    groups: dependencies.groups,
    extras: dependencies.extras,
    member: dependencies.member,
    secrets: dependencies.indexVariables.map(({ value }) => value),
    needsSources: dependencies.needsSources,
    buildPackages: debian.build,
    runtimePackages: debian.runtime,
    additions: wanted.filter((name) => !has(name)).map((name) => pinned(name, python)),
    needsSetuptools: isOfPip(dependencies) && semver.lt(`${python}.0`, "3.12.0") && !has("setuptools"),
    environments: activated.filter((folder) => !/^\/(app|venv)(\/|$)/.test(folder)),
    importsFromSrc: settings.importsFromSrc,
    manageFolder: settings.manageFolder,
    settingsModule: otherSettings(settings),
    collectStatic:
      settings.staticRoot === undefined || settings.staticFilesElsewhere !== undefined
        ? undefined
        : placeholders(settings),
    wrapsApplication,
    server,
    hasControlSocket: server === "gunicorn" && opensControlSocket(dependencies.packages, python),
    ...served,
  };
}

const isOfPip = ({ tool }: DependencyFindings): boolean => tool?.value === "pip" || tool?.value === "pip-tools";

function opensControlSocket(packages: DependencyFindings["packages"], python: string): boolean {
  const version = packages.has("gunicorn") ? packages.get("gunicorn") : pinned("gunicorn", python);
  const found = semver.coerce(version);
  return found !== null && semver.gte(found, "25.1.0");
}

/** An ASGI server where the project needs one or has one, else gunicorn. */
function chooseServer(
  { needsAsgi, asgi, wsgi }: SettingsFindings,
  has: (name: string) => boolean,
): Pick<DockerfilePlan, "interface" | "application"> & { server: Server } {
  const installed = asgiServers.find(has);
  if (asgi !== undefined && (needsAsgi !== undefined || wsgi === undefined || installed !== undefined)) {
    return { server: installed ?? "uvicorn", interface: "asgi", application: asgi.value };
  }
  return {
    server: "gunicorn",
    interface: "wsgi",
    application: wsgi?.value ?? "django.core.wsgi:get_wsgi_application()",
  };
}

/** Where the apps are not known, they are taken to be startproject's. */
function usesStaticFiles({ installedApps }: SettingsFindings): boolean {
  return installedApps.length === 0 || installedApps.some((app) => app.startsWith("django.contrib.staticfiles"));
}

function otherSettings({
  settingsModule,
  inspectedModule,
  namesSettings,
  wsgi,
  asgi,
}: SettingsFindings): string | undefined {
  if (inspectedModule !== undefined && inspectedModule !== settingsModule?.value) {
    return inspectedModule;
  }
  return (wsgi === undefined && asgi === undefined) || !namesSettings ? settingsModule?.value : undefined;
}
