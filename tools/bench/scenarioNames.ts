/** What every way to deploy is measured in. */
export const scenarioNames = ["first", "noop", "edit", "destroy"] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export const scenarioTitles: Record<ScenarioName, string> = {
  first: "First up, image layers cached",
  noop: "Nothing changed",
  edit: "One line edited, to the page served",
  destroy: "Everything removed",
};

/** Projects in which files are saved while a command watches. */
export const savesNames = ["saves", "saves-modules", "saves-services", "saves-branch"] as const;
export type SavesName = (typeof savesNames)[number];

/** What `--only` names. */
export const benchNames = [...scenarioNames, ...savesNames] as const;
export type BenchName = (typeof benchNames)[number];

/** What is measured without `--only`. */
export const defaultNames: readonly BenchName[] = [...scenarioNames, "saves"];
