import path from "node:path";

import type { Found } from "../../found";
import { readSmallFile } from "../../readSmallFile";
import { textOf } from "../interpreter/values";
import type { ModuleFiles } from "../project/modules";
import { mentions } from "../python/mentions";
import { parsePython } from "../python/parsePython";
import type { Evaluation } from "./evaluation";

/** Where uploads go. */
export interface MediaFindings {
  /** MEDIA_ROOT: a path below `projectRoot`, or another absolute one; "" where nobody can say. */
  mediaRoot: Found<string> | undefined;
  /** Variable that it is read from. */
  mediaVariable: string | undefined;
  /** A model with a field for files. */
  fileField: Found<true> | undefined;
  /** Whether files go to a bucket. */
  keepsFilesElsewhere: boolean;
}

/** Most files with models that are read. */
const most = 200;

/** @param written the settings with the values that files of the project give to variables */
export function findMedia(
  evaluation: Evaluation,
  written: Evaluation,
  modules: ModuleFiles,
  installedApps: readonly string[],
): MediaFindings {
  const value = evaluation.setting("MEDIA_ROOT");
  const text = textOf(written.setting("MEDIA_ROOT"));
  const isSet = value !== undefined && value.kind !== "none" && text !== "";
  return {
    mediaRoot: isSet ? { value: text ?? "", where: evaluation.placeOf("MEDIA_ROOT") } : undefined,
    mediaVariable: [...(value?.from ?? [])][0],
    fileField: findFileField(modules, installedApps),
    keepsFilesElsewhere: isElsewhere(evaluation),
  };
}

function isElsewhere(evaluation: Evaluation): boolean {
  const storages = evaluation.setting("STORAGES");
  const standard = storages?.kind === "dict" ? storages.entries.get("default") : undefined;
  const backend = standard?.kind === "dict" ? standard.entries.get("BACKEND") : undefined;
  const names = [textOf(backend), textOf(evaluation.setting("DEFAULT_FILE_STORAGE"))];
  return names.some((name) => name !== undefined && /s3|boto|gcloud|azure|cloudinary|spaces|minio|dropbox/i.test(name));
}

/** The first model of the project's own apps with a `FileField`, an `ImageField` or a field of a package named after them. */
function findFileField(modules: ModuleFiles, installedApps: readonly string[]): Found<true> | undefined {
  const apps = [...new Set(installedApps.map((app) => app.replace(/\.apps\.\w+$/, "")))];
  const files = apps.flatMap((app) => modules.filesOf(`${app}.models`)).slice(0, most);
  for (const file of files) {
    const text = readSmallFile(modules.project, file) ?? "";
    // To parse each file would take long, and few have one.
    if (/(File|Image)Field/.test(text) && mentions(parsePython(text).body, /^(?!FilePath)\w*(File|Image)Field$/)) {
      return { value: true, where: path.posix.normalize(file) };
    }
  }
  return undefined;
}
