import { web } from "../../app/role";
import type { Outcome } from "../../live/livePod";

/** What a save came to, in lines for the terminal. */
export function linesOf(outcomes: Outcome[], { names, seconds }: { names: string; seconds: number }): string[] {
  const rolesWith = (what: string): string => {
    const roles = outcomes.flatMap(({ role, result }) => ("what" in result && result.what === what ? [role] : []));
    return [...new Set(roles)].sort(webFirst).join(", ");
  };
  const time = `${seconds.toFixed(2)} s`;
  const [restarted, reset, nothing] = ["restarted", "reset", "nothing"].map(rolesWith);
  const lines = [
    restarted !== "" && `${names}: ${restarted} started again, ${time} after the save`,
    reset !== "" && `${names}: shown from now on, ${time} after the save`,
    nothing !== "" && restarted === "" && reset === "" && `${names}: in place, ${time} after the save`,
    outcomes.length === 0 && `${names}: no pod runs just now; it gets this when it does`,
  ];
  return [...lines.filter((line) => line !== false), ...outcomes.flatMap((outcome) => problemOf(outcome, names))];
}

const webFirst = (one: string, other: string): number =>
  Number(other === web.name) - Number(one === web.name) || one.localeCompare(other);

function problemOf({ role, label, result }: Outcome, names: string): string[] {
  switch (result.is) {
    case "refused":
      return [`${names}: ${label} cannot write ${result.path} (${result.reason}), and has what it had`];
    case "away":
      return [`${names}: ${label} gets this once it answers again`];
    case "changed":
      return result.what === "failed"
        ? [`${names}: ${role} does not start with it (${lastLine(result.failure)}); the next save tries again`]
        : [];
  }
}

/** The line of a traceback that says what is wrong. */
function lastLine(failure = ""): string {
  return failure.trim().split("\n").at(-1)?.trim() || "its log says why";
}
