import { Problem } from "../../../components/problem";

/** A resource as the engine prints it. */
export interface ResourceState {
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** What the engine plans for one resource. */
export interface EngineStep {
  /** same, create, update, delete, replace, refresh, ... */
  op: string;
  urn: string;
  oldState?: ResourceState;
  newState?: ResourceState;
  /** Properties for which it is replaced. */
  replaceReasons?: string[] | null;
  /** What the provider says has changed, by path. */
  detailedDiff?: Record<string, { kind: string }> | null;
}

/** What `pulumi preview --json` and `pulumi refresh --json` print, as far as it is read here. */
export interface EngineReport {
  steps: EngineStep[];
  diagnostics: { message: string; severity: string }[];
}

/**
 * Reads what the engine printed.
 *
 * @param shownAs texts in it and what they stand for: a throwaway name and the real one
 * @throws a `Problem` with the first line when it is no report
 */
export function parseReport(printed: string, shownAs: ReadonlyMap<string, string> = new Map()): EngineReport {
  const renamed = rename(printed, shownAs);
  try {
    const { steps, diagnostics } = JSON.parse(renamed) as Partial<Record<keyof EngineReport, unknown>>;
    return {
      steps: (steps ?? []) as EngineStep[],
      diagnostics: (diagnostics ?? []) as EngineReport["diagnostics"],
    };
  } catch {
    const line = printed.trim().split("\n")[0] ?? "";
    throw new Problem(
      `The Pulumi CLI printed "${line}" instead of a report in JSON`,
      "run `pulumi version`: 3.220 or newer is needed",
    );
  }
}

/** A text with some names replaced by what they stand for, in one pass: a report and its names may be long. */
export function rename(text: string, shownAs: ReadonlyMap<string, string>): string {
  // Longest first: one may be the beginning of another.
  const names = [...shownAs.keys()].sort((one, other) => other.length - one.length);
  const pattern = names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|");
  return pattern === "" ? text : text.replaceAll(new RegExp(pattern, "g"), (name) => shownAs.get(name) ?? name);
}

/** The errors of a report, without Pulumi's own prefix and final line feed. */
export function errorsOf({ diagnostics }: EngineReport): string[] {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.replace(/^error: /, "").trim())
    .filter((message) => message !== "");
}

/** Names that Pulumi made up, such as `app-secret-49748329`, and what to show in place of the part that is random. */
export function generatedNames({ steps }: EngineReport): Map<string, string> {
  const nameOf = (state: ResourceState | undefined): string | undefined => {
    const metadata = state?.inputs?.["metadata"] as { name?: string; annotations?: Record<string, string> } | undefined;
    return metadata?.annotations?.["pulumi.com/autonamed"] === "true" ? metadata.name : undefined;
  };
  const names = new Map<string, string>();
  for (const { urn, oldState, newState } of steps) {
    const [before, after] = [nameOf(oldState), nameOf(newState)];
    const prefix = urn.split("::").at(-1) ?? "";
    if (after !== undefined) {
      names.set(after, `${prefix}-[generated${before === undefined ? "" : " anew"}]`);
    }
    if (before !== undefined) {
      names.set(before, `${prefix}-[generated]`);
    }
  }
  return names;
}
