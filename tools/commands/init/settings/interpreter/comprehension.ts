import type { Clause, Expression } from "../python/syntax";
import { iterated } from "./items";
import type { Machine } from "./machine";
import { Scope } from "./scope";
import { derived, dict, list, none, plainText, truth, unknown, type Value } from "./values";

/** `[value for target in iterable if test]`; unknown where the items or a test are not known. */
export function comprehensionOf(
  machine: Machine,
  expression: Expression & { kind: "comprehension" },
  scope: Scope,
): Value {
  const inner = new Scope(scope.place, "function", scope);
  const results: { key: Value | undefined; value: Value }[] = [];
  const known = { isSure: true };
  let origin = none;
  const run = (clauses: readonly Clause[]): void => {
    const [clause, ...others] = clauses;
    if (clause === undefined) {
      const { key, value } = expression.entry;
      results.push({ key: key && machine.evaluate(key, inner), value: machine.evaluate(value, inner) });
    } else if (clause.kind === "if") {
      const test = machine.evaluate(clause.test, inner);
      origin = derived(origin, test);
      known.isSure &&= truth(test) !== undefined;
      if (truth(test) !== false) {
        run(others);
      }
    } else {
      const iterable = machine.evaluate(clause.iterable, inner);
      origin = derived(origin, iterable);
      const items = iterated(iterable);
      known.isSure &&= items !== undefined;
      for (const item of items ?? [derived(unknown, iterable)]) {
        const [target] = clause.targets;
        const one: Expression | undefined =
          clause.targets.length > 1 ? { kind: "tuple", items: clause.targets } : target;
        if (one) {
          machine.assign(one, item, inner);
        }
        run(others);
      }
    }
  };
  run(expression.clauses);
  const values = results.map(({ value }) => value);
  if (!known.isSure) {
    return derived(unknown, origin, ...values);
  }
  const entries = results.map(({ key, value }) => [plainText(key) ?? "", value] as const);
  return derived(expression.result === "dict" ? dict(new Map(entries)) : list(values), origin);
}
