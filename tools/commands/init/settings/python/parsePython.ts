import type { Tree } from "@lezer/common";
import { parser } from "@lezer/python";

import { childrenOf, Source } from "./nodes";
import { statementsOf } from "./statements";
import type { SourceFile } from "./syntax";

/** A file with more errors than this is no Python, and is taken as its first parse says. */
const maximumPieces = 50;

/**
 * Reads Python. What is wrong in it is left out, and its lines are told.
 *
 * In some long files the parser stumbles over a statement that it reads well by itself. So what stands from an error on
 * is parsed once more, and only an error in its first statement is one.
 */
export function parsePython(text: string): SourceFile {
  const whole = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const file: SourceFile = { body: [], errorLines: [] };
  let from = 0;
  let firstLine = 1;
  for (let piece = 0; from < whole.length; piece += 1) {
    const source = new Source(whole.slice(from), firstLine);
    const tree = parser.parse(source.text);
    const error = piece < maximumPieces ? firstError(tree) : undefined;
    const { end, isFaulty } =
      error === undefined ? { end: source.text.length, isFaulty: false } : pieceOf(tree, source, error);
    const nodes = childrenOf(tree.topNode).filter((node) => node.from < end);
    file.body.push(...statementsOf(nodes, source));
    if (isFaulty && error !== undefined) {
      file.errorLines.push(source.lineAt(error));
    }
    firstLine = source.lineAt(end);
    from += end;
  }
  return file;
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
