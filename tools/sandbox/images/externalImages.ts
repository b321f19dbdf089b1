import { DockerfileParser } from "dockerfile-ast";

import {
  readStages,
  type Stage,
  stageNamed,
  type StageOptions,
  type Step,
} from "../../../components/image/dockerfileStages";
import { attempt } from "../../../components/image/dockerfileWords";

/**
 * The images that a build takes from elsewhere, each once, in the order in which they are met: those that the stage, and
 * those stages that it is made from, begin with or copy from, and what reads the Dockerfile itself.
 *
 * @param text of the Dockerfile. A name with a variable that has no value is left to the builder
 */
export function externalImages(text: string, options: StageOptions = {}): string[] {
  const { all, built, escape } = readStages(text, { ...options, globals: new Map(platformArgs) });
  const syntax = options.buildArgs?.["BUILDKIT_SYNTAX"] ?? syntaxOf(text);
  const images = new Set<string>(syntax === undefined ? [] : [syntax]);
  const seen = new Set<Stage>();
  const take = (name: string | undefined, stage: Stage | undefined): void => {
    if (stage === undefined) {
      if (name !== undefined && name !== "" && name !== "scratch") {
        images.add(name);
      }
    } else if (!seen.has(stage)) {
      seen.add(stage);
      take(stage.image, stage.base);
      for (const other of stage.steps.flatMap((step) => sourcesOf(step, escape))) {
        take(other, stageNamed(all, other, true));
      }
    }
  };
  take(undefined, built);
  return [...images];
}

/** The image that `# syntax=` names in the first lines. */
function syntaxOf(text: string): string | undefined {
  const directive = DockerfileParser.parse(text)
    .getDirectives()
    .find((each) => each.getName().toLowerCase() === "syntax");
  return directive?.getValue().trim().split(/\s/)[0] || undefined;
}

/** Values of `COPY --from=` and of `from=` in `RUN --mount=`. */
function sourcesOf({ flags, variables }: Step, escape: string): string[] {
  const written = flags.flatMap(([name, value = ""]) => {
    if (name === "from") {
      return [value];
    }
    return name === "mount" ? value.split(",").flatMap((part) => /^from=(.+)$/.exec(part)?.[1] ?? []) : [];
  });
  return written.flatMap((each) => attempt(each, variables, escape) ?? []);
}

/** What BuildKit sets for the platform of this machine. */
const architecture = process.arch === "x64" ? "amd64" : process.arch;
const platformArgs = ["BUILD", "TARGET"].flatMap((which): [string, string][] => [
  [`${which}PLATFORM`, `linux/${architecture}`],
  [`${which}OS`, "linux"],
  [`${which}ARCH`, architecture],
]);
