import { jsonForm, type Step } from "../dockerfileStages";
import { attempt } from "../dockerfileWords";
import { clean, matcherFor, withParents } from "./copy";
import { inFolder } from "./shellCommands";

/** What a COPY, an ADD or a bind mount says. */
export interface CopyInstruction {
  /** Name or number of the stage, or another image; undefined for the build context. */
  from: string | undefined;
  /** Sources of the build context or the stage. */
  sources: string[];
  /** As it is written, with the values of variables; undefined for a variable without one. */
  written: string | undefined;
  /** Relative to the root; undefined where it is not known. */
  target: string | undefined;
  /** Whether it says that the target is a folder. */
  namesFolder: boolean;
  hasParents: boolean;
  excludes: ((file: string) => boolean)[];
  unpacks: boolean;
}

const elsewhere = /^(https?|git|ssh):\/\/|^git@/i;

/** Reads COPY and ADD. https://docs.docker.com/reference/dockerfile/#copy */
export function readCopy(step: Step, escape: string): CopyInstruction {
  const { keyword, text, words, flags, variables } = step;
  const [firstLine = ""] = text.split("\n");
  const inline = words.some((word) => word.startsWith("<<"));
  const all = jsonForm(text) ?? (inline ? firstLine.trim().split(/\s+/) : words);
  const expanded = all.map((word) => attempt(word, variables, escape));
  const written = expanded.pop();
  const sources = expanded.filter((each) => each !== undefined && !each.startsWith("<<") && !elsewhere.test(each));
  const values = (name: string): string[] =>
    flags.flatMap(([each, value]) => (each === name ? [attempt(value ?? "true", variables, escape) ?? ""] : []));
  return {
    from: values("from").at(-1),
    sources: sources as string[],
    ...targetIn(step, written),
    namesFolder: written !== undefined && (all.length > 2 || /(^|\/)\.?$/.test(written)),
    hasParents: values("parents").at(-1) === "true",
    excludes: values("exclude").map((each) => withParents(matcherFor(clean(each)))),
    unpacks: keyword === "ADD" && values("unpack").at(-1) !== "false",
  };
}

/** Reads the bind mounts of a RUN. https://docs.docker.com/reference/dockerfile/#run---mounttypebind */
export function readMounts(step: Step, escape: string): CopyInstruction[] {
  return step.flags.flatMap(([name, value = ""]) => {
    const options = new Map(
      value.split(",").map((option): [string, string | undefined] => {
        const [, key = option, given = ""] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
        return [key.toLowerCase(), attempt(given, step.variables, escape)];
      }),
    );
    if (name !== "mount" || (options.get("type") ?? "bind") !== "bind") {
      return [];
    }
    const written = options.get("target") ?? options.get("dst") ?? options.get("destination");
    const source = options.get("source") ?? options.get("src") ?? "";
    const from = options.get("from");
    const rest = { namesFolder: false, hasParents: false, excludes: [], unpacks: false };
    return [{ from, sources: [source], ...targetIn(step, written), ...rest }];
  });
}

function targetIn({ workdir }: Step, written: string | undefined): Pick<CopyInstruction, "written" | "target"> {
  const place = written === undefined ? undefined : inFolder(workdir, written);
  return { written, target: place === undefined ? undefined : clean(place) };
}
