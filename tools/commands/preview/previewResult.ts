import { Problem } from "../../../components/problem";
import { planOf } from "../../pulumi/changes/changes";
import { generatedNames, parseReport, rename } from "../../pulumi/changes/previewJson";
import { errorsIn } from "../../pulumi/errorText";
import type { CapturedCommand } from "../../terminal/captured";
import { counts, renderFailure, renderSummary } from "./summary";
import type { ThrowawayConfig } from "./throwawayConfig";

/** The result of comparing a base with the working tree. */
export interface PreviewResult {
  outcome: "no changes" | "changes" | "failed";
  /** Markdown. */
  summary: string;
  /** The result in one line. */
  line: string;
}

/** What the summary names. */
export interface Compared {
  stack: string;
  /** Commit of the base, shortened. */
  base: string;
}

/** The result when the base or the working tree cannot be deployed. */
export function failedResult(
  compared: Compared,
  what: string,
  errors: string[],
  shownAs: ReadonlyMap<string, string>,
): PreviewResult {
  const summary = renderFailure(
    compared,
    what,
    errors.map((error) => rename(error, shownAs)),
  );
  return { outcome: "failed", summary, line: what };
}

/** The result when the program refuses the working tree. */
export function unpreviewable(
  compared: Compared,
  errors: string[],
  shownAs: ReadonlyMap<string, string> = new Map(),
): PreviewResult {
  return failedResult(compared, "The working tree cannot be previewed", errors, shownAs);
}

/** The result of `pulumi preview --json`. */
export function resultOf(printed: CapturedCommand, config: ThrowawayConfig, compared: Compared): PreviewResult {
  if (printed.exitCode !== 0) {
    return unpreviewable(compared, errorsIn(printed), config.shownAs);
  }
  const generated = generatedNames(parseReport(printed.stdout));
  const plan = planOf(parseReport(printed.stdout, new Map([...config.shownAs, ...generated])));
  return {
    outcome: plan.changes.length > 0 || config.hidesChanges ? "changes" : "no changes",
    summary: renderSummary({ ...compared, plan, config: config.changes, notes: config.notes }),
    line: counts(plan),
  };
}

/** Why the command fails although it has a summary; undefined when it succeeds. */
export function problemOf({ outcome, line }: PreviewResult, expectNoChanges: boolean): Problem | undefined {
  if (outcome === "failed") {
    return new Problem(line, "the summary says why");
  }
  if (outcome === "changes" && expectNoChanges) {
    return new Problem(`No changes were expected, but there are some (${line})`);
  }
  return undefined;
}
