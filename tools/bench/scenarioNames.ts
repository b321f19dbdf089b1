export const scenarioNames = ["first", "noop", "edit", "destroy"] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export const scenarioTitles: Record<ScenarioName, string> = {
  first: "First up, image layers cached",
  noop: "Nothing changed",
  edit: "One line edited, to the page served",
  destroy: "Everything removed",
};
