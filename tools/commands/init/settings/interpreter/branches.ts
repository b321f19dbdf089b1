import type { Branch } from "../python/syntax";
import { Raised, type Flow, type Machine } from "./machine";
import type { Scope } from "./scope";
import { derived, none, truth, type Value } from "./values";

/**
 * Runs the branch of an `if` that is taken. The others are run as well, without a lasting effect, for what they read.
 *
 * Where a test cannot be told, its body runs for good if there is no other branch that would, and apart otherwise.
 */
export function branches(machine: Machine, all: readonly Branch[], scope: Scope): Flow {
  const { record } = machine;
  let condition: Value = none;
  let isDecided = false;
  const unsure: Branch[] = [];
  let taken: Branch | undefined;
  for (const branch of all) {
    const evaluateTest = () => branch.test && machine.evaluate(branch.test, scope);
    const test = isDecided ? record.unreached(evaluateTest) : evaluateTest();
    const isTrue = test ? truth(test) : true;
    condition = test ? derived(condition, test) : condition;
    if (isDecided || isTrue === false) {
      if (!record.explores) {
        continue;
      }
      record.guarded(condition, () => scope.apart(() => record.unreached(() => machine.run(branch.body, scope))));
    } else if (isTrue === undefined) {
      unsure.push(branch);
    } else {
      taken = branch;
      isDecided = true;
    }
  }
  scope.depends(condition);
  const lasting = taken ?? (unsure.length === 1 ? unsure.pop() : undefined);
  const isSure = lasting === taken;
  for (const branch of unsure) {
    const attempt = () => {
      attempted(machine, branch, scope);
    };
    record.guarded(condition, () => {
      scope.apart(() => {
        // Beside a branch that is taken otherwise, nothing that it reads is needed.
        if (taken === undefined) {
          attempt();
        } else {
          record.besides(attempt);
        }
      });
    });
  }
  if (!lasting) {
    return undefined;
  }
  return record.guarded(condition, () => {
    if (isSure) {
      return machine.run(lasting.body, scope);
    }
    attempted(machine, lasting, scope);
    return undefined;
  });
}

/** Runs a body of which nobody can say whether it is reached: it ends nothing, and its errors are nobody's. */
function attempted(machine: Machine, branch: Branch, scope: Scope): void {
  try {
    const flow = machine.record.unsure(() => machine.run(branch.body, scope));
    if (flow?.kind === "return") {
      scope.alternatives.push(flow.value);
    }
  } catch (error) {
    if (!(error instanceof Raised)) {
      throw error;
    }
  }
}
