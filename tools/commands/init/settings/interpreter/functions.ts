import type { Expression, Parameter, Statement } from "../python/syntax";
import { Raised, type Machine } from "./machine";
import { Scope } from "./scope";
import { callable, dict, list, none, unknown, type Arguments, type Value } from "./values";

/** Calls within calls: a function that calls itself without an end is left. */
const maximumDepth = 40;

/** A function or a lambda of the project. */
export function makeFunction(
  machine: Machine,
  parameters: readonly Parameter[],
  body: Statement[] | Expression,
  scope: Scope,
): Value {
  const defaults = parameters.map((parameter) => parameter.default && machine.evaluate(parameter.default, scope));
  return callable((args) => {
    if (machine.record.depth > maximumDepth) {
      return unknown;
    }
    const inner = new Scope(scope.place, "function", scope);
    bind(parameters, defaults, args, inner);
    try {
      return machine.record.inside(() => {
        if (!Array.isArray(body)) {
          return machine.evaluate(body, inner);
        }
        const flow = machine.run(body, inner);
        return inner.returned(flow?.kind === "return" ? flow.value : none);
      });
    } catch (error) {
      if (error instanceof Raised) {
        return machine.record.fail(error.type, error.from);
      }
      throw error;
    }
  });
}

function bind(
  parameters: readonly Parameter[],
  defaults: readonly (Value | undefined)[],
  args: Arguments,
  scope: Scope,
): void {
  const positional = [...args.positional];
  const named = new Map(args.named);
  let onlyNamed = false;
  parameters.forEach((parameter, index) => {
    const { name, takes } = parameter;
    if (takes === "rest") {
      scope.names.set(name, list(positional.splice(0)));
      onlyNamed = true;
    } else if (takes === "keywords") {
      scope.names.set(name, dict(named));
    } else {
      const given = named.get(name) ?? (onlyNamed ? undefined : positional.shift());
      named.delete(name);
      scope.names.set(name, given ?? defaults[index] ?? unknown);
    }
  });
}
