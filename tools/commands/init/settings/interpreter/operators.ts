import type { ReadRecord } from "./machine";
import {
  boolean,
  derived,
  dict,
  equal,
  list,
  namesIn,
  number,
  text,
  textOf,
  truth,
  unknown,
  withFrom,
  type Value,
} from "./values";

/** An f-string, or literals that stand side by side. */
export function joined(parts: readonly Value[]): Value {
  const texts = parts.map(textOf);
  return derived(texts.includes(undefined) ? unknown : text(texts.join("")), ...parts);
}

/** `not`, `-`, `+`. */
export function unary(operator: string, operand: Value): Value {
  if (operator === "not") {
    const isTrue = truth(operand);
    return withFrom(derived(isTrue === undefined ? unknown : boolean(!isTrue), operand), namesIn(operand));
  }
  if (operand.kind === "number" && operator === "-") {
    return derived(number(-operand.number), operand);
  }
  return derived(operand.kind === "number" ? operand : unknown, operand);
}

/** A comparison; undefined where the operator is none. */
export function compare(operator: string, left: Value, right: Value, record: ReadRecord): Value | undefined {
  const answer = (isTrue: boolean | undefined) =>
    derived(isTrue === undefined ? unknown : boolean(isTrue), left, right);
  const negated = (isTrue: boolean | undefined) => (isTrue === undefined ? undefined : !isTrue);
  switch (operator) {
    case "==":
    case "is":
    case "!=":
    case "is not": {
      record.compared(left, right);
      record.compared(right, left);
      const isEqual = operator.startsWith("is") ? same(left, right) : equal(left, right);
      return answer(operator === "==" || operator === "is" ? isEqual : negated(isEqual));
    }
    case "in":
    case "not in": {
      record.compared(left, right);
      if (right.kind === "object") {
        const found = right.behaviour.contains?.(left) ?? unknown;
        return operator === "in" ? found : unary("not", found);
      }
      const isIn = contains(right, left);
      return withFrom(answer(operator === "in" ? isIn : negated(isIn)), namesIn(right));
    }
    case "<":
    case ">":
    case "<=":
    case ">=": {
      if (left.kind !== "number" || right.kind !== "number") {
        return answer(undefined);
      }
      const difference = left.number - right.number;
      const isStrict = operator.length === 1;
      return answer((operator.startsWith("<") ? difference < 0 : difference > 0) || (!isStrict && difference === 0));
    }
    default:
      return undefined;
  }
}

function same(left: Value, right: Value): boolean | undefined {
  const isNone = [left, right].some(({ kind }) => kind === "none");
  if (isNone && left.kind !== "unknown" && right.kind !== "unknown") {
    return left.kind === right.kind;
  }
  return left.kind === right.kind || left.kind === "unknown" || right.kind === "unknown" ? equal(left, right) : false;
}

function contains(container: Value, item: Value): boolean | undefined {
  if (container.kind === "text" && item.kind === "text") {
    return container.text.includes(item.text);
  }
  if (container.kind === "dict" && item.kind === "text") {
    return container.entries.has(item.text);
  }
  if (container.kind !== "list") {
    return undefined;
  }
  const answers = container.items.map((one) => equal(one, item));
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

/** Arithmetic, and what texts, lists and dicts make of it. */
export function binary(operator: string, left: Value, right: Value): Value {
  const origin = [left, right] as const;
  const own =
    left.kind === "object" ? { "/": left.behaviour.divide, "-": left.behaviour.subtract }[operator] : undefined;
  if (own !== undefined) {
    return derived(own(right), ...origin);
  }
  if (operator === "+" && left.kind === "text" && right.kind === "text") {
    return derived(text(left.text + right.text), ...origin);
  }
  if (operator === "+" && left.kind === "list" && right.kind === "list") {
    return derived(list([...left.items, ...right.items]), ...origin);
  }
  if (operator === "+" && (left.kind === "list" || right.kind === "list")) {
    // What is known of the apps matters, also where others are added that are not known.
    const known = left.kind === "list" ? left : right;
    return derived(known, ...origin);
  }
  if (operator === "|" && left.kind === "dict" && right.kind === "dict") {
    return derived(dict(new Map([...left.entries, ...right.entries])), ...origin);
  }
  if (operator === "%" && left.kind === "text") {
    return formatted(left.text, right);
  }
  if (left.kind === "number" && right.kind === "number") {
    const result = arithmetic(operator, left.number, right.number);
    return derived(result === undefined ? unknown : number(result), ...origin);
  }
  return withFrom(derived(unknown, ...origin), new Set([...namesIn(left), ...namesIn(right)]));
}

function formatted(format: string, values: Value): Value {
  const items = values.kind === "list" ? [...values.items] : [values];
  let isSure = values.kind !== "dict";
  const result = format.replace(/%[sd]/g, () => {
    const next = textOf(items.shift());
    isSure &&= next !== undefined;
    return next ?? "";
  });
  return withFrom(isSure ? text(result) : unknown, namesIn(values));
}

function arithmetic(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    case "**":
      return a ** b;
    default:
      return undefined;
  }
}
