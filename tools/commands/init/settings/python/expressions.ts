import type { SyntaxNode } from "@lezer/common";

import { numberOfLiteral, quotesOf, textOfLiteral, unescape } from "./literals";
import { childrenOf, partsBetween, type Source } from "./nodes";
import type { Argument, Clause, Entry, Expression, Parameter } from "./syntax";

/** The expression that a node of the parser's tree stands for. */
export function expressionOf(node: SyntaxNode | undefined, source: Source): Expression {
  if (node === undefined) {
    return { kind: "other", parts: [] };
  }
  const children = childrenOf(node);
  const at = (index: number) => expressionOf(children.at(index), source);
  switch (node.name) {
    case "String":
      return { kind: "text", text: textOfLiteral(source.textOf(node)) };
    case "FormatString":
      return { kind: "joined", parts: joinedParts(node, source) };
    case "ContinuedString":
      return { kind: "joined", parts: children.map((child) => expressionOf(child, source)) };
    case "Number":
      return { kind: "number", number: numberOfLiteral(source.textOf(node)) };
    case "Boolean":
      return { kind: "boolean", boolean: source.textOf(node) === "True" };
    case "None":
      return { kind: "none" };
    case "VariableName":
      return { kind: "name", name: source.textOf(node) };
    case "ParenthesizedExpression":
      return at(1);
    case "TupleExpression":
      return { kind: "tuple", items: itemsOf(children, source) };
    case "ArrayExpression":
      return { kind: "list", items: itemsOf(children, source) };
    case "SetExpression":
      return { kind: "set", items: itemsOf(children, source) };
    case "DictionaryExpression":
      return { kind: "dict", entries: partsBetween(children, ",").map((part) => entryOf(part, source)) };
    case "CallExpression":
      return {
        kind: "call",
        callee: at(0),
        arguments: argumentsOf(children[1], source),
        line: source.lineAt(children.at(1)?.from ?? node.from),
      };
    case "MemberExpression":
      return memberOf(children, source);
    case "BinaryExpression":
      return binaryOf(children, source);
    case "UnaryExpression":
      return { kind: "unary", operator: children[0] ? source.textOf(children[0]) : "", operand: at(1) };
    case "ConditionalExpression":
      return { kind: "conditional", then: at(0), test: at(2), otherwise: at(4) };
    case "NamedExpression":
      return { kind: "walrus", name: children[0] ? source.textOf(children[0]) : "", value: at(2) };
    case "LambdaExpression":
      return {
        kind: "lambda",
        parameters: parametersOf(
          children.find(({ name }) => name === "ParamList"),
          source,
        ),
        body: at(-1),
      };
    case "ComprehensionExpression":
    case "ArrayComprehensionExpression":
      return comprehensionOf("list", children, source);
    case "SetComprehensionExpression":
      return comprehensionOf("set", children, source);
    case "DictionaryComprehensionExpression":
      return comprehensionOf("dict", children, source);
    default:
      return { kind: "other", parts: children.map((child) => expressionOf(child, source)) };
  }
}

/** A node's list of expressions between commas: one expression, or a tuple of several. */
export function expressionListOf(nodes: readonly SyntaxNode[], source: Source): Expression {
  const items = itemsOf(nodes, source);
  const [first] = items;
  return first && items.length === 1 && nodes.at(-1)?.name !== "," ? first : { kind: "tuple", items };
}

function itemsOf(nodes: readonly SyntaxNode[], source: Source): Expression[] {
  return partsBetween(nodes, ",").map((part) =>
    part[0]?.name === "*"
      ? { kind: "starred", value: expressionOf(part[1], source) }
      : expressionOf(part.at(-1), source),
  );
}

function entryOf(part: readonly SyntaxNode[], source: Source): Entry {
  if (part[0]?.name === "**") {
    return { key: undefined, value: expressionOf(part[1], source) };
  }
  return { key: expressionOf(part[0], source), value: expressionOf(part[2], source) };
}

function joinedParts(node: SyntaxNode, source: Source): Expression[] {
  const { start, end, isRaw } = quotesOf(source.textOf(node));
  const parts: Expression[] = [];
  let from = node.from + start;
  const takeTextTo = (to: number) => {
    const text = unescape(source.text.slice(from, to), isRaw).replaceAll("{{", "{").replaceAll("}}", "}");
    parts.push({ kind: "text", text });
  };
  for (const child of childrenOf(node).filter(({ name }) => name === "FormatReplacement")) {
    takeTextTo(child.from);
    parts.push(expressionOf(childrenOf(child)[1], source));
    from = child.to;
  }
  takeTextTo(node.from + end);
  return parts;
}

function memberOf(children: readonly SyntaxNode[], source: Source): Expression {
  const object = expressionOf(children[0], source);
  const line = source.lineAt(children.at(-1)?.from ?? 0);
  const property = children.find(({ name }) => name === "PropertyName");
  if (property) {
    return { kind: "attribute", object, name: source.textOf(property) };
  }
  const inside = children.slice(2, -1);
  const colon = inside.findIndex(({ name }) => name === ":");
  if (colon < 0) {
    return { kind: "subscript", object, index: expressionListOf(inside, source), line };
  }
  const [start, stop] = [inside.slice(0, colon).at(-1), inside.slice(colon + 1).at(0)];
  return {
    kind: "slice",
    object,
    start: start && expressionOf(start, source),
    stop: stop && stop.name !== ":" ? expressionOf(stop, source) : undefined,
  };
}

function binaryOf(children: readonly SyntaxNode[], source: Source): Expression {
  const operator = children
    .slice(1, -1)
    .map((child) => source.textOf(child))
    .join(" ");
  return {
    kind: "binary",
    operator,
    left: expressionOf(children[0], source),
    right: expressionOf(children.at(-1), source),
  };
}

function comprehensionOf(result: "list" | "set" | "dict", children: readonly SyntaxNode[], source: Source): Expression {
  const inside = children.slice(1, -1);
  const first = inside.findIndex(({ name }) => name === "for" || name === "async");
  const head = inside.slice(0, first);
  const entry: Entry =
    result === "dict" ? entryOf(head, source) : { key: undefined, value: expressionListOf(head, source) };
  return { kind: "comprehension", result, entry, clauses: clausesOf(inside.slice(first), source) };
}

function clausesOf(nodes: readonly SyntaxNode[], source: Source): Clause[] {
  const clauses: Clause[] = [];
  let part: SyntaxNode[] = [];
  const take = () => {
    const [keyword] = part;
    if (keyword?.name === "if") {
      clauses.push({ kind: "if", test: expressionOf(part[1], source) });
    } else if (keyword) {
      const middle = part.findIndex(({ name }) => name === "in");
      const targets = itemsOf(part.slice(1, middle), source);
      clauses.push({ kind: "for", targets, iterable: expressionOf(part[middle + 1], source) });
    }
    part = [];
  };
  for (const node of nodes.filter(({ name }) => name !== "async")) {
    if (node.name === "for" || node.name === "if") {
      take();
    }
    part.push(node);
  }
  take();
  return clauses;
}

/** The arguments of a call or the bases of a class. */
export function argumentsOf(list: SyntaxNode | undefined, source: Source): Argument[] {
  return partsBetween(list ? childrenOf(list) : [], ",").map((part) => {
    const [first, second, third] = part;
    if (first?.name === "*" || first?.name === "**") {
      return { name: undefined, unpacks: true, value: expressionOf(second, source) };
    }
    if (second?.name === "AssignOp" && first) {
      return { name: source.textOf(first), unpacks: false, value: expressionOf(third, source) };
    }
    const loop = part.findIndex(({ name }) => name === "for");
    const value: Expression =
      loop > 0
        ? {
            kind: "comprehension",
            result: "list",
            entry: { key: undefined, value: expressionOf(first, source) },
            clauses: clausesOf(part.slice(loop), source),
          }
        : expressionOf(first, source);
    return { name: undefined, unpacks: false, value };
  });
}

/** The parameters of a function or a lambda. */
export function parametersOf(list: SyntaxNode | undefined, source: Source): Parameter[] {
  return partsBetween(list ? childrenOf(list) : [], ",").flatMap((part): Parameter[] => {
    const name = part.find((node) => node.name === "VariableName");
    if (!name) {
      return [];
    }
    const assigned = part.findIndex((node) => node.name === "AssignOp");
    return [
      {
        name: source.textOf(name),
        takes: part[0]?.name === "*" ? "rest" : part[0]?.name === "**" ? "keywords" : "one",
        default: assigned < 0 ? undefined : expressionOf(part[assigned + 1], source),
      },
    ];
  });
}
