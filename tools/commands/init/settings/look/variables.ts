import type { Variable } from "../../findings";
import type { Read } from "../interpreter/machine";
import { textOf, truth } from "../interpreter/values";
import { hasProjectPath } from "../libraries/paths";
import type { Evaluation } from "./evaluation";
import { isSecret } from "../../variables/secrets";

/** Variables that settings cannot do anything with, or that Kubernetes and Python give. */
const foreign = new Set([
  "DJANGO_SETTINGS_MODULE",
  "KUBERNETES_SERVICE_HOST",
  "KUBERNETES_SERVICE_PORT",
  "PATH",
  "HOME",
  "PWD",
  "HOSTNAME",
  "USER",
  "PYTHONPATH",
  "TMPDIR",
]);

/**
 * The variables that settings read, in the order of files and lines.
 *
 * @param evaluations with DEBUG as it may be
 * @param debugVariable what decides DEBUG; all evaluations set it, so that they cannot tell whether it may be left out
 */
export function findVariables(evaluations: readonly Evaluation[], debugVariable: string | undefined): Variable[] {
  const reads = new Map<string, Read[]>();
  for (const read of evaluations.flatMap(({ record }) => record.reads)) {
    reads.set(read.name, [...(reads.get(read.name) ?? []), read]);
  }
  const required = new Set(evaluations.flatMap(requiredBy));
  const debugReads = debugVariable === undefined ? [] : (reads.get(debugVariable) ?? []);
  if (debugVariable !== undefined && debugReads.every((read) => read.default === undefined)) {
    required.add(debugVariable);
  }
  return [...reads]
    .filter(([name]) => !foreign.has(name) && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name))
    .map(([name, all]) => variableOf(name, all, required.has(name)))
    .sort(inOrderOfFiles([...reads.values()].flat()));
}

/** As somebody meets them who reads the files one after another. */
function inOrderOfFiles(reads: readonly Read[]): (a: Variable, b: Variable) => number {
  const place = (where: string) => {
    const at = where.lastIndexOf(":");
    return { file: where.slice(0, at), line: Number(where.slice(at + 1)) };
  };
  const files = [...new Set(reads.map(({ where }) => place(where).file))];
  return (a, b) => {
    const [first, second] = [place(a.where), place(b.where)];
    return files.indexOf(first.file) - files.indexOf(second.file) || first.line - second.line;
  };
}

function variableOf(name: string, reads: readonly Read[], isRequired: boolean): Variable {
  const written = reads.map((read) => read.default).find((value) => value && value.kind !== "none");
  const isUsed = reads.some((read) => read.isReached);
  const plain = written?.kind === "unknown" || written?.kind === "none" ? undefined : textOf(written);
  // A path in the project is another one in an image.
  const shown = plain !== undefined && hasProjectPath(plain) ? undefined : plain;
  return {
    name,
    where: (reads.find((read) => read.isReached) ?? reads[0])?.where ?? "",
    hasDefault: !isRequired && (written !== undefined || !isUsed),
    isRequired,
    defaultText: shown,
    // A secret's default is no number of seconds and no switch.
    isSecret: written?.kind !== "number" && written?.kind !== "boolean" && isSecret(name, shown),
  };
}

/** Variables without which settings fail, or Django with them: it refuses an empty SECRET_KEY. */
function requiredBy(evaluation: Evaluation): string[] {
  const key = evaluation.setting("SECRET_KEY");
  const isEmpty = key !== undefined && key.from.size > 0 && truth(key) === false;
  const named = isEmpty ? [...key.from].filter((name) => !name.endsWith("_FILE")) : [];
  return [...evaluation.record.needed, ...named];
}
