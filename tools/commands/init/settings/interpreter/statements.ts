import type { Expression, Statement } from "../python/syntax";
import { remove } from "./assignment";
import { branches } from "./branches";
import { importFrom, importModules } from "./imports";
import { iterated } from "./items";
import { Raised, type Flow, type Machine } from "./machine";
import { binary } from "./operators";
import type { Scope } from "./scope";
import { tryOfSuppress, tryStatement } from "./tryStatement";
import { derived, none, truth, unknown, withUnder } from "./values";

/** Runs statements one after another. */
export function run(machine: Machine, body: readonly Statement[], scope: Scope): Flow {
  for (const statement of body) {
    if (!machine.record.step()) {
      return undefined;
    }
    machine.record.at(scope.place, statement.line);
    const flow = scope.kind === "function" ? one(machine, statement, scope) : survived(machine, statement, scope);
    if (flow) {
      return flow;
    }
  }
  return undefined;
}

/** A module goes on after an error: what stands behind it is worth knowing. */
function survived(machine: Machine, statement: Statement, scope: Scope): Flow {
  try {
    return one(machine, statement, scope);
  } catch (error) {
    if (error instanceof Raised) {
      machine.record.fail(error.type, error.from);
      return undefined;
    }
    throw error;
  }
}

function one(machine: Machine, statement: Statement, scope: Scope): Flow {
  const { record } = machine;
  const value = (expression: Expression) => machine.evaluate(expression, scope);
  switch (statement.kind) {
    case "expression":
      value(statement.value);
      return undefined;
    case "assign":
      if (statement.value) {
        const assigned = withUnder(value(statement.value), record.guards);
        record.at(scope.place, statement.line);
        statement.targets.forEach((target) => {
          machine.assign(target, assigned, scope);
        });
      }
      return undefined;
    case "update": {
      const before = value(statement.target);
      const other = value(statement.value);
      const after = withUnder(binary(statement.operator, before, other), record.guards);
      machine.assign(statement.target, after, scope);
      return undefined;
    }
    case "delete":
      statement.targets.forEach((target) => {
        remove(machine, target, scope);
      });
      return undefined;
    case "import":
      importModules(machine, statement, scope);
      return undefined;
    case "importFrom":
      importFrom(machine, statement, scope);
      return undefined;
    case "function": {
      const made = machine.makeFunction(statement.parameters, statement.body, scope);
      const isProperty = statement.decorators.some(
        (decorator) => decorator.kind === "name" && /property$/.test(decorator.name),
      );
      const isStatic = statement.decorators.some(
        (decorator) => decorator.kind === "name" && decorator.name === "staticmethod",
      );
      if (made.kind === "object") {
        made.behaviour.label = isProperty ? "property" : isStatic ? "staticmethod" : "function";
      }
      machine.assign({ kind: "name", name: statement.name }, made, scope);
      return undefined;
    }
    case "class": {
      const bases = statement.bases.filter(({ name }) => name === undefined).map((base) => value(base.value));
      scope.names.set(statement.name, machine.makeClass(statement.name, bases, statement.body, scope));
      return undefined;
    }
    case "if":
      return branches(machine, statement.branches, scope);
    case "while":
      value(statement.test);
      return branches(machine, [{ test: { kind: "other", parts: [] }, body: statement.body }], scope);
    case "for":
      return loop(machine, statement, scope);
    case "with": {
      const suppressing = tryOfSuppress(statement);
      if (suppressing !== undefined) {
        return tryStatement(machine, suppressing, scope);
      }
      const entered = statement.items.map(({ value: item, as }) => {
        const context = value(item);
        if (as !== undefined) {
          scope.names.set(as, context);
        }
        return context.kind === "object" ? context.behaviour : undefined;
      });
      entered.forEach((behaviour) => behaviour?.enter?.());
      try {
        return machine.run(statement.body, scope);
      } finally {
        entered.forEach((behaviour) => behaviour?.exit?.());
      }
    }
    case "try":
      return tryStatement(machine, statement, scope);
    case "return":
      return { kind: "return", value: statement.value ? value(statement.value) : none };
    case "raise": {
      const type = statement.value && nameOfError(statement.value);
      if (record.isUnreached || record.isUnsure || scope.alternatives.length > 0) {
        return { kind: "raise" };
      }
      throw new Raised(type, record.blame(scope.kind === "function" ? scope.conditions : none.from));
    }
    case "global":
      statement.names.forEach((name) => scope.outer.add(name));
      return undefined;
    case "assert": {
      const test = value(statement.test);
      if (truth(test) === false) {
        record.fail("AssertionError", record.blame(test.from));
      }
      return undefined;
    }
    case "break":
    case "continue":
      return { kind: statement.kind };
  }
}

function nameOfError(expression: Expression): string | undefined {
  const named = expression.kind === "call" ? expression.callee : expression;
  return named.kind === "name" || named.kind === "attribute" ? named.name : undefined;
}

function loop(machine: Machine, statement: Statement & { kind: "for" }, scope: Scope): Flow {
  const iterable = machine.evaluate(statement.iterable, scope);
  const [first] = statement.targets;
  const target: Expression | undefined =
    statement.targets.length > 1 ? { kind: "tuple", items: statement.targets } : first;
  const items = iterated(iterable);
  for (const item of items ?? [derived(unknown, iterable)]) {
    if (target) {
      machine.assign(target, item, scope);
    }
    const flow = machine.run(statement.body, scope);
    if (flow?.kind === "break") {
      break;
    }
    if (flow?.kind === "return" && items === undefined) {
      scope.alternatives.push(flow.value);
    } else if (flow && flow.kind !== "continue") {
      return flow;
    }
  }
  return undefined;
}
