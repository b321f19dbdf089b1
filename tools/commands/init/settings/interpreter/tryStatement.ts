import type { Branch, Expression, Statement } from "../python/syntax";
import { Raised, type Flow, type Machine } from "./machine";
import { catches } from "./record";
import type { Scope } from "./scope";

/** Runs a `try`: its body, the handler of what the body raises, `else` and `finally`. */
export function tryStatement(machine: Machine, statement: Statement & { kind: "try" }, scope: Scope): Flow {
  const { record } = machine;
  // One that only says what is missing and ends stands for nothing: all that the body reads is needed.
  const handlers = statement.handlers.filter(({ body }) => !givesUp(body));
  const explore = (handler: Branch) => {
    scope.apart(() => record.unreached(() => machine.run(handler.body, scope)));
  };
  const flow = (): Flow => {
    try {
      const left = record.catching(typesOfAll(handlers), () => machine.run(statement.body, scope));
      (record.explores ? handlers : []).forEach(explore);
      return left ?? machine.run(statement.otherwise, scope);
    } catch (error) {
      if (!(error instanceof Raised)) {
        throw error;
      }
      const handler = handlers.find((one) => catches(typesOf(one), error.type));
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

/** `with suppress(ImportError):` as the `try` that it stands for; undefined for another one. */
export function tryOfSuppress({
  line,
  items,
  body,
}: Statement & { kind: "with" }): (Statement & { kind: "try" }) | undefined {
  const [item, ...others] = items.map(({ value }) => value);
  const callee = item?.kind === "call" ? item.callee : undefined;
  const isSuppress = (callee?.kind === "name" || callee?.kind === "attribute") && callee.name === "suppress";
  if (!isSuppress || item?.kind !== "call" || others.length > 0) {
    return undefined;
  }
  const types = { kind: "tuple", items: item.arguments.map(({ value }) => value) } as const;
  return { kind: "try", line, body, handlers: [{ test: types, body: [] }], otherwise: [], last: [] };
}

/** Whether statements end the program whatever is the case. */
function givesUp(body: readonly Statement[]): boolean {
  const last = body.at(-1);
  const isPlain = body.every(({ kind }) => ["expression", "assign", "import", "raise"].includes(kind));
  return isPlain && (last?.kind === "raise" || (last?.kind === "expression" && isExit(last.value)));
}

function isExit(expression: Expression): boolean {
  const callee = expression.kind === "call" ? expression.callee : undefined;
  return (callee?.kind === "attribute" || callee?.kind === "name") && /^(exit|quit|_exit)$/.test(callee.name);
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
