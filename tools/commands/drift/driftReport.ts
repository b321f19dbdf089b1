import type { Change } from "../../pulumi/changes/changes";

/** What differs in the cluster, object by object and property by property, for a terminal. */
export function driftLines(changes: Change[]): string[] {
  return changes.flatMap(({ action, kind, name, properties }) =>
    action === "delete"
      ? [`${kind} ${name} is gone`]
      : [
          `${kind} ${name}`,
          ...properties.map(({ path, before, after }) => `  ${path} is ${text(after)}, was ${text(before)}`),
        ],
  );
}

/** On one line, and nothing in it that a terminal would obey. */
function text(value: unknown): string {
  return value === undefined ? "not there" : JSON.stringify(value).replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");
}
