import type { Argument, Expression } from "../python/syntax";
import type { Machine } from "./machine";
import { binary, compare, joined, unary } from "./operators";
import { comprehensionOf } from "./comprehension";
import { itemOf, slice } from "./items";
import type { Scope } from "./scope";
import {
  boolean,
  derived,
  dict,
  list,
  none,
  number,
  plainText,
  text,
  truth,
  unknown,
  withUnder,
  type Arguments,
  type Value,
} from "./values";

/** The value of an expression; unknown where it depends on what only a running Python knows. */
export function evaluate(machine: Machine, expression: Expression, scope: Scope): Value {
  const { record } = machine;
  const value = (inner: Expression) => machine.evaluate(inner, scope);
  if (!record.step()) {
    return unknown;
  }
  switch (expression.kind) {
    case "text":
      return text(expression.text);
    case "number":
      return number(expression.number);
    case "boolean":
      return boolean(expression.boolean);
    case "none":
      return none;
    case "name":
      return scope.find(expression.name) ?? machine.builtin(expression.name);
    case "joined":
      return joined(expression.parts.map(value));
    case "attribute":
      return machine.attribute(value(expression.object), expression.name);
    case "subscript": {
      const object = value(expression.object);
      const index = value(expression.index);
      record.at(scope.place, expression.line);
      return itemOf(object, index, record);
    }
    case "slice":
      return slice(
        value(expression.object),
        expression.start && value(expression.start),
        expression.stop && value(expression.stop),
      );
    case "call": {
      const callee = value(expression.callee);
      const args = argumentsOf(machine, expression.arguments, scope);
      record.at(scope.place, expression.line);
      const names = expression.callee.kind === "name" ? scope.namesBy(expression.callee.name) : undefined;
      if (names !== undefined) {
        return dict(names);
      }
      if (callee.kind === "unknown" && callee.label === "split_settings.tools.include") {
        args.positional.forEach((pattern) => {
          record.guarded(pattern, () => {
            machine.include(plainText(pattern) ?? "", scope);
          });
        });
      }
      return machine.call(callee, args);
    }
    case "list":
    case "tuple":
    case "set":
      return list(expression.items.flatMap((item) => itemsOf(machine, item, scope)));
    case "starred":
      return value(expression.value);
    case "dict":
      return dictOf(machine, expression, scope);
    case "unary":
      return unary(expression.operator, value(expression.operand));
    case "binary":
      return binaryOf(machine, expression, scope);
    case "conditional":
      return conditionalOf(machine, expression, scope);
    case "lambda":
      return machine.makeFunction(expression.parameters, expression.body, scope);
    case "comprehension":
      return comprehensionOf(machine, expression, scope);
    case "walrus": {
      const assigned = value(expression.value);
      scope.names.set(expression.name, assigned);
      return assigned;
    }
    case "other":
      return derived(unknown, ...expression.parts.map(value));
  }
}

/** The arguments of a call, with what `*` and `**` unpack. */
export function argumentsOf(machine: Machine, args: readonly Argument[], scope: Scope): Arguments {
  const found: Arguments = { positional: [], named: new Map() };
  for (const { name, unpacks, value } of args) {
    const given = machine.evaluate(value, scope);
    if (unpacks && given.kind === "dict") {
      given.entries.forEach((entry, key) => found.named.set(key, entry));
    } else if (unpacks) {
      found.positional.push(...(given.kind === "list" ? given.items : []));
    } else if (name === undefined) {
      found.positional.push(given);
    } else {
      found.named.set(name, given);
    }
  }
  return found;
}

function itemsOf(machine: Machine, item: Expression, scope: Scope): Value[] {
  if (item.kind !== "starred") {
    return [machine.evaluate(item, scope)];
  }
  const value = machine.evaluate(item.value, scope);
  return value.kind === "list" ? value.items.map((one) => derived(one, { ...none, from: value.from })) : [value];
}

function dictOf(machine: Machine, expression: Expression & { kind: "dict" }, scope: Scope): Value {
  const entries = new Map<string, Value>();
  for (const { key, value } of expression.entries) {
    const name = key && machine.evaluate(key, scope);
    const evaluated = machine.evaluate(value, scope);
    if (name) {
      entries.set(plainText(name) ?? `:${entries.size}`, evaluated);
    } else if (evaluated.kind === "dict") {
      evaluated.entries.forEach((entry, entryName) => entries.set(entryName, entry));
    }
  }
  return dict(entries);
}

function binaryOf(machine: Machine, expression: Expression & { kind: "binary" }, scope: Scope): Value {
  const { operator } = expression;
  const { record } = machine;
  const left = machine.evaluate(expression.left, scope);
  const right = () => machine.evaluate(expression.right, scope);
  if (operator !== "and" && operator !== "or") {
    return compare(operator, left, right(), record) ?? binary(operator, left, right());
  }
  const isTrue = truth(left);
  const skips = isTrue !== undefined && isTrue === (operator === "or");
  const other = record.guarded(left, () => (skips ? record.unreached(right) : right()));
  if (operator === "or") {
    return isTrue === undefined ? derived(unknown, left, other) : derived(isTrue ? left : other, left, other);
  }
  const names = derived(none, left);
  const chosen = isTrue === undefined ? derived(unknown, left, other) : isTrue ? other : derived(left, other);
  return withUnder(withUnder(chosen, names.from), names.under);
}

function conditionalOf(machine: Machine, expression: Expression & { kind: "conditional" }, scope: Scope): Value {
  const { record } = machine;
  const test = machine.evaluate(expression.test, scope);
  const isTrue = truth(test);
  const branch = (inner: Expression, isReached: boolean) =>
    record.guarded(test, () => {
      const run = () => machine.evaluate(inner, scope);
      return isReached ? run() : record.unreached(run);
    });
  const then = branch(expression.then, isTrue !== false);
  const otherwise = branch(expression.otherwise, isTrue !== true);
  const chosen =
    isTrue === undefined ? derived(unknown, then, otherwise) : derived(isTrue ? then : otherwise, then, otherwise);
  return withUnder(withUnder(chosen, test.from), test.under);
}
