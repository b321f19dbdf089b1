import path from "node:path";

import type { Variables } from "../dockerfileWords";
import { installedFolders } from "./buildCommands";
import { type Has, placesIn } from "./copy";
import type { BuildStep } from "./stageContents";

/** What a build tool reads of a project that it installs. */
const isOfProject = (file: string): boolean => /(^|\/)(pyproject\.toml|setup\.(py|cfg))$/.test(file);

/**
 * The step that installs the project as a copy, beside Python's packages.
 *
 * One that finds only pyproject.toml, and so installs dependencies, is not one.
 */
export function installingStep(
  steps: readonly BuildStep[],
  files: readonly string[],
  has: Has,
  seesSources: (step: BuildStep) => boolean,
): BuildStep | undefined {
  return steps.find((step) => {
    const installed = step.commands.flatMap(installedFolders);
    if (installed.length === 0 || !seesSources(step)) {
      return false;
    }
    const folders = files.filter(isOfProject).flatMap((file) => placesIn(step.copies, file, has).map(folderOf));
    return installed.some((folder) => folder === undefined || folders.includes(folder));
  });
}

const folderOf = (place: string): string => path.posix.dirname(`/${place}`);

/**
 * Whether Python finds most modules of the project in its folder before it looks among the installed packages: in the
 * folder in which processes start, which comes first for manage.py, gunicorn, uvicorn, daphne and celery, or in PYTHONPATH.
 *
 * @param places absolute paths of the project's modules
 */
export function runsFromFolder(
  places: readonly string[],
  { workdir, variables }: { workdir: string | undefined; variables: Variables },
): boolean {
  const all = new Set(places);
  const folders = [workdir, ...(variables.get("PYTHONPATH") ?? "").split(":")].filter((each) => each?.startsWith("/"));
  const isFound = (place: string): boolean =>
    folders.some((folder = "/") => {
      const rest = path.posix.relative(folder, place);
      const [first = ""] = rest.split("/");
      return first !== ".." && (first === rest || all.has(path.posix.join(folder, first, "__init__.py")));
    });
  return places.filter(isFound).length * 2 > places.length;
}
