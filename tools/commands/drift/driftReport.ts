import { Problem } from "../../../components/problem";
import { partOf } from "../../app/partOf";
import type { Change } from "../../pulumi/changes/changes";

/** What differs in the cluster, by object and property, as lines for a terminal. */
export function driftLines(changes: Change[]): string[] {
  return changes.flatMap(({ action, kind, name, properties }) => {
    const part = partOf({ kind, name });
    const called = `${kind} ${name}${part === undefined ? "" : ` (${part})`}`;
    return action === "delete"
      ? [`${called} is gone`]
      : [called, ...properties.map(({ path, before, after }) => `  ${path} is ${text(after)}, was ${text(before)}`)];
  });
}

/** The error for drift that stays. */
export function driftProblem(changes: Change[], stack: string): Problem {
  const objects = changes.length === 1 ? "1 object differs" : `${changes.length} objects differ`;
  return new Problem(
    `${objects} from what the last \`up\` of stack ${stack} left`,
    `run \`npm run drift -- ${stack} --restore\` to undo this`,
  );
}

/** A value on one line, without control characters. */
function text(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value).replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");
}
