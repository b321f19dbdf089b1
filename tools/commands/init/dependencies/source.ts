import type { DependencyFindings, DependencyTool } from "../findings";

/** One place that names dependencies: a lock file, a requirements file, pyproject.toml. */
export interface Source extends Omit<DependencyFindings, "tool" | "python"> {
  tool: DependencyTool;
  /** The file that says it, relative to the project. */
  where: string;
}

/** A source of which nothing is known yet. */
export function beginSource(tool: DependencyTool, where: string, ...more: string[]): Source {
  return {
    tool,
    where,
    files: [where, ...more],
    packages: new Map(),
    direct: undefined,
    needsSources: false,
    needsGit: false,
    groups: [],
    extras: [],
    member: undefined,
    indexVariables: [],
  };
}
