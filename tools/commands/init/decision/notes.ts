import { defaultPython, isOldDjango } from "../dependencies/python";
import { normalizeName } from "../dependencies/requirement";
import { pinned } from "../dockerfile/versions";
import type { Findings } from "./decision";

/** What init cannot see to, and what could not be read: a line each. */
export function notesOf(findings: Findings): string[] {
  const { processes, settings, env, image, dependencies, namedSettings: named, mountedAlone } = findings;
  const { moduleWithoutKey: other, inspectedModule = "" } = settings;
  const unreadable = [...settings.unreadable, ...processes.unreadable, ...env.unreadable];
  return [
    ...notesOnDependencies(findings),
    ...(image !== undefined || settings.staticFilesElsewhere === undefined
      ? []
      : [
          `collectstatic uploads (${settings.staticFilesElsewhere.where}), so no image is built with it: \`npm run manage -- STACK collectstatic --noinput\` uploads the files of a version`,
        ]),
    ...(image !== undefined || findings.browserBuild === undefined
      ? []
      : [
          `The Dockerfile has no Node.js, and ${findings.browserBuild} has a script that makes files for browsers: run \`npm install\` and \`npm run build\` in its folder before \`npm run up\`, or add a stage that does`,
        ]),
    ...(image === undefined && !dependencies.needsSources ? settings.versionsRead : [])
      .filter(({ value }) => dependencies.packages.size > 0 && !dependencies.packages.has(normalizeName(value)))
      .map(
        ({ value, where }) =>
          `The settings read the version of ${value} (${where}), and the Dockerfile installs what the project depends on, not the project: add \`RUN python -m pip --python /venv/bin/python install --no-deps --editable /app\` to it after \`COPY --chown=10001:10001 . /app\``,
      ),
    ...(mountedAlone === undefined
      ? []
      : [
          `${image?.dockerfile ?? ""} copies no manage.py: compose mounts the project as a volume (${mountedAlone.where}), and a stack does not, so add \`COPY ${mountedAlone.value} ${placeOfMount(mountedAlone, image)}\` to the Dockerfile`,
        ]),
    ...noteOnOtherDockerfile(findings),
    ...(findings.isWithoutProject && image !== undefined
      ? [
          `${image.dockerfile} copies no manage.py, so the image would not have the project: add \`COPY . .\` to it, or name another one with \`pulumi config set dockerfile PATH\``,
        ]
      : []),
    ...(processes.secretBuildArgs?.value ?? []).map(
      (name) =>
        `Build argument ${name} (${processes.secretBuildArgs?.where ?? ""}) is left out, as the image's history would show its secret: read it in the Dockerfile with \`RUN --mount=type=secret,id=${name}\`, and set it with \`pulumi config set --secret --path buildSecrets.${name} VALUE\``,
    ),
    ...(settings.inspectedModule === undefined ? [noteOnNoSettings(findings)] : []),
    ...(named === undefined || settings.inspectedModule === undefined || named.value === inspectedModule
      ? []
      : [
          `${named.value} (${named.where}) is no module of the project's files, so what it reads is not known; the above is of ${inspectedModule}`,
        ]),
    ...(other === undefined
      ? []
      : [`${other.value} (${other.where}) sets no SECRET_KEY, so ${inspectedModule} is used`]),
    ...(image === undefined ? [] : dependencies.indexVariables)
      .filter(({ value }) => processes.buildSecrets?.value.includes(value) !== true)
      .map(
        ({ value, where }) =>
          `${where} has \${${value}} in a URL: a RUN of ${image?.dockerfile ?? ""} gets it by \`--mount=type=secret,id=${value}\` and \`pulumi config set --secret --path buildSecrets.${value} VALUE\``,
      ),
    ...settings.fixedFiles
      .filter(({ value }) => image?.copied.some(({ place }) => place === value) !== true)
      .map(
        ({ value, where }) =>
          `The settings read ${value} (${where}), which a stack does not give: put it into the image, or read a variable, which \`pulumi config set --secret --path secretEnv.NAME VALUE\` sets`,
      ),
    ...settings.absentModules
      .filter(({ value }) => !packagesOf(value).some((name) => dependencies.packages.has(name)))
      .map(
        ({ value, where }) =>
          `The settings import ${value} (${where}), which is not there, so what it sets is not known: put it into the project's folder, or let the Dockerfile make it`,
      ),
    ...(unreadable.length === 0 ? [] : [`Not understood, and left out: ${unreadable.join(", ")}`]),
  ];
}

/** A Dockerfile that compose builds by, from where no build context of the project reaches. */
function noteOnOtherDockerfile({ processes: { dockerfile }, image }: Findings): string[] {
  const isOutside = dockerfile?.value.startsWith("../") === true && dockerfile.value !== image?.dockerfile;
  return isOutside
    ? [
        `Compose builds by ${dockerfile.value} (${dockerfile.where}), which is outside the project's folder, so ${image === undefined ? "a Dockerfile is written" : `${image.dockerfile} is used`}: to build by that one, copy it into the folder and name it with \`pulumi config set dockerfile PATH\``,
      ]
    : [];
}

/** Where compose has the project, as the Dockerfile says it. */
function placeOfMount({ target }: NonNullable<Findings["mountedAlone"]>, image: Findings["image"]): string {
  return target === undefined || target.replace(/\/$/, "") === image?.config.workdir ? "." : target;
}

/** What a package may be called that has a module: several may share a namespace, as shop-pay has `shop.pay`. */
const packagesOf = (module: string): string[] =>
  module
    .toLowerCase()
    .replaceAll("_", "-")
    .split(".")
    .map((_, at, names) => names.slice(0, at + 1).join("-"));

function noteOnNoSettings({ settings: { unknownModule: unknown } }: Findings): string {
  const so = "so neither the variables that it reads nor its database are known";
  if (unknown === undefined) {
    return `No settings module was found, ${so}: let manage.py name it, as \`django-admin startproject\` does`;
  }
  return unknown.value === ""
    ? `manage.py chooses the settings module in a way that is not known (${unknown.where}), ${so}: \`pulumi config set --type string --path env.NAME VALUE\` sets each variable that it needs`
    : `The settings module that manage.py names, ${unknown.value} (${unknown.where}), is not there, ${so}: add it to the project, or name another one with \`pulumi config set --path env.DJANGO_SETTINGS_MODULE NAME\``;
}

/** Where a Dockerfile is written and Django is not among what it installs. */
function notesOnDependencies({ image, dependencies }: Findings): string[] {
  const { tool, packages, needsSources, needsGit, python } = dependencies;
  const django = packages.get("django");
  if (image === undefined && isOldDjango(django)) {
    return [
      `Django ${django ?? ""} (${tool?.where ?? ""}) is too old for the Pythons that a Dockerfile of npm run init has, 3.9 and newer: name a newer Django, or edit the Dockerfile`,
    ];
  }
  if (image !== undefined || packages.size > 0 || needsSources || needsGit) {
    return [];
  }
  return tool === undefined
    ? [
        `No file names the project's dependencies: the Dockerfile installs ${pinned("django", python?.value ?? defaultPython)} alone`,
      ]
    : [`${tool.where} names no packages: without Django among them, the image cannot be built`];
}
