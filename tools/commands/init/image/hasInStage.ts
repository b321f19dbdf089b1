import path from "node:path";

import {
  readStages,
  type Stage,
  stageNamed,
  type StageOptions,
  type Stages,
} from "../../../../components/image/dockerfileStages";
import { clean, matcherFor, withParents } from "../../../../components/image/places/copy";
import { readCopy, readMounts } from "../../../../components/image/places/copyInstruction";

/**
 * Whether a stage of a Dockerfile has a file of the project. One for development may leave the project to a volume of
 * compose, which a stack does not have.
 *
 * @param options which stage that is, and the build's arguments, which may say what is copied
 */
export function hasInStage(dockerfile: string, file: string, options: StageOptions): boolean {
  const stages = readStages(dockerfile, options);
  return stages.built !== undefined && brings(stages.built, file, stages, new Set());
}

function brings(stage: Stage, file: string, stages: Stages, seen: Set<Stage>): boolean {
  if (seen.has(stage)) {
    return false;
  }
  seen.add(stage);
  const isOwn = stage.steps.some((step) => {
    const isCopy = step.keyword === "COPY" || step.keyword === "ADD";
    return (isCopy ? [readCopy(step, stages.escape)] : readMounts(step, stages.escape)).some(({ from, sources }) => {
      const other = from === undefined ? undefined : stageNamed(stages.all, from, true);
      return from === undefined
        ? sources.some((source) => isAt(source, file))
        : other !== undefined && brings(other, file, stages, seen);
    });
  });
  return isOwn || (stage.base !== undefined && brings(stage.base, file, stages, seen));
}

const isAt = (source: string, file: string): boolean =>
  clean(source) === "" || withParents(matcherFor(clean(source)))(path.posix.normalize(file));
