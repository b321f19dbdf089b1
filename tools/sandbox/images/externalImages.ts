import { type Dockerfile, DockerfileParser, From, type Instruction, ModifiableInstruction } from "dockerfile-ast";

import { attempt, readArgs, splitWords, type Variables } from "../../../components/image/dockerfileWords";

/** What decides which images a build takes, beside its Dockerfile. */
export interface ImageOptions {
  /** @default none */
  buildArgs?: Readonly<Record<string, string>>;
  /** Stage that is built. @default the last */
  stage?: string | undefined;
}

/** What a stage takes from elsewhere, as FROM, `COPY --from` and `RUN --mount` name it: another stage or an image. */
interface Stage {
  name: string;
  from: string | undefined;
  others: string[];
}

/**
 * The images that a build takes from elsewhere, each once, in the order in which they are met: those that the stage, and
 * those stages that it is made from, begin with or copy from, and what reads the Dockerfile itself.
 *
 * @param text of the Dockerfile. A name with a variable that has no value is left to the builder
 */
export function externalImages(text: string, { buildArgs = {}, stage }: ImageOptions = {}): string[] {
  const dockerfile = DockerfileParser.parse(text);
  const escape = dockerfile.getEscapeCharacter();
  const stages = readStages(dockerfile.getInstructions(), new Map(Object.entries(buildArgs)), escape);
  const last = stages.findLastIndex(({ name }) => stage === undefined || name === stage.toLowerCase());
  const syntax = buildArgs["BUILDKIT_SYNTAX"] ?? syntaxOf(dockerfile);
  const images = new Set<string>(syntax === undefined ? [] : [syntax]);
  const seen = new Set<number>();
  const visit = (index: number): void => {
    const current = stages[index];
    if (current === undefined || seen.has(index)) {
      return;
    }
    seen.add(index);
    const { from, others } = current;
    // FROM knows stages by name alone; the others by number, too.
    take(
      from,
      stages.slice(0, index).findLastIndex(({ name }) => name !== "" && name === from?.toLowerCase()),
    );
    for (const other of others) {
      const named = stages.findLastIndex(({ name }) => name !== "" && name === other.toLowerCase());
      take(other, named < 0 && /^[0-9]+$/.test(other) && Number(other) < stages.length ? Number(other) : named);
    }
  };
  const take = (name: string | undefined, index: number): void => {
    if (index >= 0) {
      visit(index);
    } else if (name !== undefined && name !== "" && name !== "scratch") {
      images.add(name);
    }
  };
  visit(last);
  return [...images];
}

/** The image that `# syntax=` names in the first lines. */
function syntaxOf(dockerfile: Dockerfile): string | undefined {
  const directive = dockerfile.getDirectives().find((each) => each.getName().toLowerCase() === "syntax");
  return directive?.getValue().trim().split(/\s/)[0] || undefined;
}

function readStages(instructions: Instruction[], buildArgs: Variables, escape: string): Stage[] {
  const globals = new Map<string, string>(platformArgs);
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction instanceof From) {
      const from = attempt(instruction.getImage() ?? "", globals, escape);
      stages.push({ name: (instruction.getBuildStage() ?? "").toLowerCase(), from, others: [] });
    } else if (stage === undefined) {
      readGlobals(instruction, globals, buildArgs, escape);
    } else if (instruction instanceof ModifiableInstruction) {
      stage.others.push(...sourcesOf(instruction).map((each) => attempt(each, globals, escape) ?? ""));
    }
  }
  return stages;
}

function readGlobals(
  instruction: Instruction,
  globals: Map<string, string>,
  buildArgs: Variables,
  escape: string,
): void {
  if (instruction.getKeyword() !== "ARG") {
    return;
  }
  const words = splitWords(instruction.getArgumentsContent() ?? "", escape);
  for (const [name, value] of readArgs(words, { buildArgs, globals, variables: globals }, escape)) {
    if (value !== undefined) {
      globals.set(name, value);
    }
  }
}

/** Values of `COPY --from=` and of `from=` in `RUN --mount=`. */
function sourcesOf(instruction: ModifiableInstruction): string[] {
  return instruction.getFlags().flatMap((flag) => {
    const value = flag.getValue() ?? "";
    if (flag.getName() === "from") {
      return [value];
    }
    return flag.getName() === "mount" ? value.split(",").flatMap((part) => /^from=(.+)$/.exec(part)?.[1] ?? []) : [];
  });
}

/** What BuildKit sets for the platform of this machine. */
const architecture = process.arch === "x64" ? "amd64" : process.arch;
const platformArgs = ["BUILD", "TARGET"].flatMap((which): [string, string][] => [
  [`${which}PLATFORM`, `linux/${architecture}`],
  [`${which}OS`, "linux"],
  [`${which}ARCH`, architecture],
]);
