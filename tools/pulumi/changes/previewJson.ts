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
  /** Properties that force a replacement. */
  replaceReasons?: string[] | null;
  /** What the provider says has changed, by path. */
  detailedDiff?: Record<string, { kind: string }> | null;
}

/** The part of the output of `pulumi preview --json` and `pulumi refresh --json` that is read here. */
export interface EngineReport {
  steps: EngineStep[];
  diagnostics: { message: string; severity: string }[];
}

/**
 * Parses the engine's report.
 *
 * @param shownAs texts to replace, such as a throwaway name by the real one
 * @throws a `Problem` with the first line when the text is no report
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
      "check with `pulumi version` that it is 3.220 or newer",
    );
  }
}

/** Replaces names in a text, in one pass: the text may be long, and so may the list of names. */
export function rename(text: string, shownAs: ReadonlyMap<string, string>): string {
  // Longest first: one name may be the beginning of another.
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

/** Names that Pulumi generated, such as `app-secret-49748329`, and what to show instead: the random part differs each time. */
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
      names.set(after, `${prefix}-[generated${before === undefined ? "" : " again"}]`);
    }
    if (before !== undefined) {
      names.set(before, `${prefix}-[generated]`);
    }
  }
  return names;
}
