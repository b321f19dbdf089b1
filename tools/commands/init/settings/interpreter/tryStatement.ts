import type { Branch, Expression, Statement } from "../python/syntax";
import { Raised, type Flow, type Machine } from "./machine";
import { catches } from "./record";
import type { Scope } from "./scope";

/** Runs a `try`: its body, the handler of what the body raises, `else` and `finally`. */
export function tryStatement(machine: Machine, statement: Statement & { kind: "try" }, scope: Scope): Flow {
  const { record } = machine;
  const explore = (handler: Branch) => {
    scope.apart(() => record.unreached(() => machine.run(handler.body, scope)));
  };
  const flow = (): Flow => {
    try {
      const left = record.catching(typesOfAll(statement.handlers), () => machine.run(statement.body, scope));
      (record.explores ? statement.handlers : []).forEach(explore);
      return left ?? machine.run(statement.otherwise, scope);
    } catch (error) {
      if (!(error instanceof Raised)) {
        throw error;
      }
      const handler = statement.handlers.find((one) => catches(typesOf(one), error.type));
      if (!handler) {
        throw error;
      }
      const cause = { kind: "unknown", from: error.from, under: new Set<string>() } as const;
      scope.depends(cause);
      return record.guarded(cause, () => machine.run(handler.body, scope));
    }
  };
  return flow() ?? machine.run(statement.last, scope);
}

function typesOfAll(handlers: readonly Branch[]): string[] | undefined {
  const all = handlers.map(typesOf);
  return all.includes(undefined) ? undefined : all.flatMap((types) => types ?? []);
}

/** Names of the errors that a handler catches; undefined for all. */
function typesOf(handler: Branch): string[] | undefined {
  return handler.test && namesOf(handler.test);
}

function namesOf(expression: Expression): string[] {
  if (expression.kind === "tuple") {
    return expression.items.flatMap(namesOf);
  }
  return expression.kind === "name" || expression.kind === "attribute" ? [expression.name] : [];
}
