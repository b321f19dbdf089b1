import type { DependencyFindings, DependencyTool } from "../findings";

/** One place that names dependencies: a lock file, a requirements file, pyproject.toml. */
export interface Source extends Omit<DependencyFindings, "tool" | "python"> {
  tool: DependencyTool;
  /** The file that says it, relative to the project. */
  where: string;
}
