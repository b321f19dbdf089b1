import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/python";

import { childrenOf, Source } from "./nodes";
import { statementsOf } from "./statements";
import type { SourceFile, Statement } from "./syntax";

/** A file with more errors than this is no Python, and is taken as its first parse says. */
const maximumPieces = 50;

/**
 * Reads Python. What is wrong in it is left out, and its lines are told.
 *
 * In some long files the parser stumbles over a statement that it reads well by itself. So what stands from an error on
 * is parsed once more, and only an error in its first statement is one. Of a long class, what stands from an error on is
 * parsed once more below its head.
 */
export function parsePython(text: string): SourceFile {
  const whole = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const file: SourceFile = { body: [], errorLines: [] };
  let rest = whole;
  let firstLine = 1;
  let goesOn = false;
  for (let piece = 0; rest !== ""; piece += 1) {
    const source = new Source(rest, firstLine);
    const tree = parser.parse(source.text);
    const error = piece < maximumPieces ? firstError(tree) : undefined;
    const long = error === undefined ? undefined : longClass(tree, source, error);
    if (long !== undefined) {
      const part = new Source(rest.slice(0, long.end), firstLine);
      add(file.body, statementsOf(childrenOf(parser.parse(part.text).topNode), part), goesOn);
      firstLine = source.lineAt(long.end) - long.head.split("\n").length + 1;
      rest = long.head + rest.slice(long.end);
      goesOn = true;
      continue;
    }
    const { end, isFaulty } =
      error === undefined ? { end: source.text.length, isFaulty: false } : pieceOf(tree, source, error);
    const nodes = childrenOf(tree.topNode).filter((node) => node.from < end);
    add(file.body, statementsOf(nodes, source), goesOn);
    goesOn = false;
    if (isFaulty && error !== undefined) {
      file.errorLines.push(source.lineAt(error));
    }
    firstLine = source.lineAt(end);
    rest = rest.slice(end);
  }
  return file;
}

/** @param goesOn whether the first statement is the rest of a class that is there */
function add(body: Statement[], more: Statement[], goesOn: boolean): void {
  const [last, first] = [body.at(-1), more[0]];
  if (goesOn && last?.kind === "class" && first?.kind === "class") {
    last.body.push(...first.body);
    body.push(...more.slice(1));
  } else {
    body.push(...more);
  }
}

/** Where to divide a class that is the first statement and has an error after some others of its own, and its head. */
function longClass(tree: Tree, source: Source, error: number): { end: number; head: string } | undefined {
  const first = childrenOf(tree.topNode)[0];
  const body = first?.name === "ClassDefinition" ? first.getChild("Body") : null;
  const starts = (body === null ? [] : childrenOf(body))
    .filter(({ name }) => name !== ":")
    .map((node: SyntaxNode) => source.text.lastIndexOf("\n", node.from) + 1);
  const end = starts.findLast((start) => start <= error);
  const head = source.text.slice(first?.from, starts[0]);
  // A class on one line has no head of its own, and a first statement that is wrong stays so.
  return end === undefined || end === starts[0] || !head.endsWith("\n") ? undefined : { end, head };
}

function firstError(tree: Tree): number | undefined {
  let first: number | undefined;
  tree.iterate({
    enter(node) {
      // The parser knows no `yield` without a value.
      if (node.type.isError && first === undefined && !node.node.parent?.name.startsWith("Yield")) {
        first = node.from;
      }
      return first === undefined;
    },
  });
  return first;
}

/**
 * How far a parse with an error can be used.
 *
 * An error in the first statement is one of the file, and the statement is used as far as it goes. Any other one has to
 * be seen again by a parse that starts at its statement.
 */
function pieceOf(tree: Tree, source: Source, error: number): { end: number; isFaulty: boolean } {
  const starts = childrenOf(tree.topNode)
    .map(({ from }) => from)
    .filter((from) => source.isLineStart(from));
  const statement = starts.findLast((start) => start <= error);
  if (statement !== undefined && statement !== starts[0]) {
    return { end: statement, isFaulty: false };
  }
  const next = starts.find((start) => start > Math.max(error, statement ?? 0));
  return { end: next ?? source.text.length, isFaulty: true };
}
