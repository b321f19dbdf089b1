import type { SyntaxNode } from "@lezer/common";

import { argumentsOf, expressionListOf, expressionOf, parametersOf } from "./expressions";
import { childrenOf, partsBetween, type Source } from "./nodes";
import { importOf } from "./imports";
import type { Branch, Expression, Statement } from "./syntax";

/** The statements that nodes of the parser's tree stand for. */
export function statementsOf(nodes: readonly SyntaxNode[], source: Source): Statement[] {
  return nodes.flatMap((node) => statementOf(node, source));
}

function statementOf(node: SyntaxNode, source: Source, decorators: Expression[] = []): Statement[] {
  const children = childrenOf(node);
  const line = source.lineAt(node.from);
  const expression = (child: SyntaxNode | undefined) => expressionOf(child, source);
  const body = (child: SyntaxNode | undefined) => statementsOf(child ? childrenOf(child).slice(1) : [], source);
  const named = (name: string) => children.find((child) => child.name === name);
  const text = (child: SyntaxNode) => source.textOf(child);
  const nameText = () => {
    const name = named("VariableName");
    return name ? source.textOf(name) : "";
  };
  switch (node.name) {
    case "StatementGroup":
      return statementsOf(children, source);
    case "AssignStatement":
      return [{ line, ...assignmentOf(children, source) }];
    case "UpdateStatement": {
      const at = children.findIndex(({ name }) => name === "UpdateOp");
      const operator = children[at] ? source.textOf(children[at]).slice(0, -1) : "";
      const value = expressionListOf(children.slice(at + 1), source);
      return [{ line, kind: "update", target: expression(children[0]), operator, value }];
    }
    case "DeleteStatement": {
      const targets = partsBetween(children.slice(1), ",").map((part) => expression(part.at(-1)));
      return [{ line, kind: "delete", targets }];
    }
    case "ExpressionStatement":
      return [{ line, kind: "expression", value: expressionListOf(children, source) }];
    case "ImportStatement":
      return [{ line, ...importOf(children, source) }];
    case "DecoratedStatement": {
      const found = children.flatMap((child) =>
        child.name === "Decorator" ? childrenOf(child).slice(1).map(expression) : [],
      );
      const definition = children.at(-1);
      return definition ? statementOf(definition, source, found) : [];
    }
    case "FunctionDefinition": {
      const parameters = parametersOf(named("ParamList"), source);
      return [{ line, kind: "function", name: nameText(), parameters, body: body(named("Body")), decorators }];
    }
    case "ClassDefinition": {
      const bases = argumentsOf(named("ArgList"), source);
      return [{ line, kind: "class", name: nameText(), bases, body: body(named("Body")) }];
    }
    case "IfStatement":
      return [{ line, kind: "if", branches: branchesOf(children, ["if", "elif", "else"], source) }];
    case "TryStatement": {
      const first = named("Body");
      const others = branchesOf(children, ["except"], source);
      const [otherwise] = branchesOf(children, ["else"], source);
      const [last] = branchesOf(children, ["finally"], source);
      return [
        {
          line,
          kind: "try",
          body: body(first),
          handlers: others,
          otherwise: otherwise?.body ?? [],
          last: last?.body ?? [],
        },
      ];
    }
    case "ForStatement": {
      const [from, middle] = ["for", "in"].map((word) => children.findIndex(({ name }) => name === word));
      const end = children.findIndex(({ name }) => name === "Body");
      const targets = partsBetween(children.slice((from ?? 0) + 1, middle), ",").map((part) => expression(part.at(-1)));
      const iterable = expressionListOf(children.slice((middle ?? 0) + 1, end), source);
      return [{ line, kind: "for", targets, iterable, body: body(children[end]) }];
    }
    case "WhileStatement":
      return [{ line, kind: "while", test: expression(children[1]), body: body(named("Body")) }];
    case "WithStatement": {
      const end = children.findIndex(({ name }) => name === "Body");
      const items = partsBetween(children.slice(1, end), ",").map(([value, , as]) => ({
        value: expression(value),
        as: as && source.textOf(as),
      }));
      return [{ line, kind: "with", items, body: body(children[end]) }];
    }
    case "MatchStatement": {
      const clauses = childrenOf(named("MatchBody") ?? node).filter(({ name }) => name === "MatchClause");
      const subject = expression(children[1]);
      return [{ line, kind: "if", branches: clauses.map((clause) => clauseOf(clause, subject, source)) }];
    }
    case "ReturnStatement":
      return [
        { line, kind: "return", value: children.length > 1 ? expressionListOf(children.slice(1), source) : undefined },
      ];
    case "RaiseStatement":
      return [{ line, kind: "raise", value: children[1] && expression(children[1]) }];
    case "ScopeStatement":
      return [{ line, kind: "global", names: children.filter(({ name }) => name === "VariableName").map(text) }];
    case "AssertStatement":
      return [{ line, kind: "assert", test: expression(children[1]) }];
    case "BreakStatement":
      return [{ line, kind: "break" }];
    case "ContinueStatement":
      return [{ line, kind: "continue" }];
    default:
      return [];
  }
}

function assignmentOf(
  children: readonly SyntaxNode[],
  source: Source,
): { kind: "assign"; targets: Expression[]; annotation: Expression | undefined; value: Expression | undefined } {
  const annotated = children.find(({ name }) => name === "TypeDef");
  const annotation = annotated && expressionOf(childrenOf(annotated)[1], source);
  const parts: SyntaxNode[][] = [[]];
  for (const child of children) {
    if (child.name === "AssignOp") {
      parts.push([]);
    } else if (child !== annotated) {
      parts.at(-1)?.push(child);
    }
  }
  const expressions = parts.filter((part) => part.length > 0).map((part) => expressionListOf(part, source));
  const value = parts.length > 1 ? expressions.at(-1) : undefined;
  return { kind: "assign", targets: parts.length > 1 ? expressions.slice(0, -1) : expressions, annotation, value };
}

/** The bodies that follow one of the keywords, with the test between. */
function branchesOf(children: readonly SyntaxNode[], keywords: readonly string[], source: Source): Branch[] {
  const branches: Branch[] = [];
  let keyword: string | undefined;
  let test: SyntaxNode | undefined;
  for (const child of children) {
    if (["if", "elif", "else", "try", "except", "finally"].includes(child.name)) {
      [keyword, test] = [child.name, undefined];
    } else if (child.name === "Body") {
      if (keyword && keywords.includes(keyword)) {
        const body = statementsOf(childrenOf(child).slice(1), source);
        branches.push({ test: test && expressionOf(test, source), body });
      }
    } else {
      test ??= child;
    }
  }
  return branches;
}

/** A `case`, as the test that the subject is one of its literals. */
function clauseOf(clause: SyntaxNode, subject: Expression, source: Source): Branch {
  const children = childrenOf(clause);
  const last = children.at(-1);
  const body = statementsOf(last ? childrenOf(last).slice(1) : [], source);
  const [, pattern, ...others] = children;
  if (pattern?.name === "CapturePattern" && others.length === 1) {
    return { test: undefined, body };
  }
  const options = pattern?.name === "OrPattern" ? childrenOf(pattern) : pattern ? [pattern] : [];
  const literals = options.filter(({ name }) => name === "LiteralPattern");
  if (others.length > 1 || options.some(({ name }) => name !== "LiteralPattern" && name !== "LogicOp")) {
    return { test: { kind: "other", parts: [subject] }, body };
  }
  const items = literals.map((literal) => expressionOf(childrenOf(literal)[0], source));
  return { test: { kind: "binary", operator: "in", left: subject, right: { kind: "tuple", items } }, body };
}
