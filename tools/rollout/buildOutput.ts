/** What a failed build printed of its failure. */
export interface FailedBuild {
  /** Line of the Dockerfile; undefined when it was none of its instructions. */
  line: number | undefined;
  /** The last lines of the step that failed, the Dockerfile around it, and the error. */
  output: string[];
}

const shownLines = 20;

/**
 * Finds the failure in what a build printed.
 *
 * @param printed lines as buildx prints them, or as Pulumi's docker plugin does
 * @param dockerfile its text, where the instruction is named and not the line
 */
export function readFailedBuild(printed: readonly string[], dockerfile: string): FailedBuild {
  const lines = printed.map((line) => line.trimEnd()).filter((line) => line !== "");
  return (
    readSummary(lines, dockerfile) ??
    readVertex(lines, dockerfile) ?? { line: undefined, output: lines.slice(-shownLines) }
  );
}

const rule = /^-{6}$/;
const excerptRule = /^-{20}$/;

/**
 * What buildx prints in the end: between rules, the step's last lines and the Dockerfile's.
 *
 * The Dockerfile's were missing once for a step that two builds shared.
 */
function readSummary(lines: readonly string[], dockerfile: string): FailedBuild | undefined {
  const first = lines.findIndex((line) => rule.test(line));
  const heading = lines.findLastIndex(
    (line, index) => /^\S+:\d+$/.test(line) && excerptRule.test(lines[index + 1] ?? ""),
  );
  const start = first === -1 ? heading : first;
  if (start === -1) {
    return undefined;
  }
  const summary = lines.slice(start);
  const instruction = summary
    .map((line) => /^ > \[[^\]]+\] (.+):$/.exec(line)?.[1])
    .find((found) => found !== undefined);
  const shown = summary.filter((each) => !rule.test(each) && !excerptRule.test(each));
  const causes = summary.some((each) => endOfOutput.test(each))
    ? causesIn(lines).filter((each) => !shown.includes(each))
    : [];
  const at = shown.findIndex((each) => each.startsWith(" > ")) + 1;
  return {
    line: heading === -1 ? lineOf(instruction, dockerfile) : Number(lines[heading]?.split(":").at(-1)),
    output: [...shown.slice(0, at), ...causes, ...shown.slice(at)],
  };
}

const endOfOutput = /\[end of output\]$/;
const shownCauses = 6;

/**
 * What pip shows of the build of a package: it is above the last lines, which say no more than that it failed. Lines of
 * steps that run at once stand between its own.
 */
function causesIn(lines: readonly string[]): string[] {
  const ofStep = /^(#\d+) .*\[end of output\]$/;
  const [, step] = ofStep.exec(lines.findLast((line) => ofStep.test(line)) ?? "") ?? [];
  const own = lines.filter((line) => line.startsWith(`${step} `)).map((line) => line.replace(/^#\d+ /, ""));
  const end = own.findLastIndex((line) => endOfOutput.test(line));
  const begin = own.slice(0, Math.max(end, 0)).findLastIndex((line) => /\[\d+ lines? of output\]$/.test(line));
  if (begin === -1) {
    return [];
  }
  const block = own.slice(begin + 1, end).filter((line) => !/^[\d.]+$/.test(line));
  const first = block.findIndex((line) => /^[\d.]+\s+(\w*error\b|\w+(\.\w+)*Error:|fatal)/i.test(line));
  return first === -1 ? block.slice(-shownCauses) : block.slice(first, first + shownCauses);
}

/** What the docker plugin prints: a step's name each time that it has news of it, its output, and its error after its name. */
function readVertex(lines: readonly string[], dockerfile: string): FailedBuild | undefined {
  const end = lines.findLastIndex((line) => line.startsWith("error: ") && !line.endsWith("context canceled"));
  const name = lines[end - 1] ?? "";
  const instruction = /^\[[^\]]+\] (.+)$/.exec(name)?.[1];
  if (instruction === undefined) {
    return undefined;
  }
  const begun = lines.lastIndexOf(name, end - 2);
  const printed = begun === -1 ? [] : lines.slice(begun + 1, end - 1).slice(-shownLines);
  return { line: lineOf(instruction, dockerfile), output: [name, ...printed, lines[end] ?? ""] };
}

/** First line of an instruction, whatever its lines are broken at. */
function lineOf(instruction: string | undefined, dockerfile: string): number | undefined {
  if (instruction === undefined) {
    return undefined;
  }
  const lines = dockerfile.split("\n");
  const wanted = words(instruction);
  const index = lines.findIndex((_, start) => words(instructionAt(lines, start)) === wanted);
  return index === -1 ? undefined : index + 1;
}

function instructionAt(lines: readonly string[], start: number): string {
  const rest = lines.slice(start).filter((line, index) => index === 0 || !/^\s*(#|$)/.test(line));
  const end = rest.findIndex((line) => !/\\\s*$/.test(line));
  return rest
    .slice(0, end === -1 ? undefined : end + 1)
    .map((line) => line.replace(/\\\s*$/, ""))
    .join(" ");
}

const words = (text: string): string => text.replace(/\s+/g, " ").trim();
