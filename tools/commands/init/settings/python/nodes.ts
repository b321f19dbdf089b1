import type { SyntaxNode } from "@lezer/common";

/** The text of a file, and how nodes of its tree are read from it. */
export class Source {
  readonly #lineStarts: number[] = [0];

  /** @param firstLine line of the file that the text starts in */
  constructor(
    readonly text: string,
    private readonly firstLine = 1,
  ) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.#lineStarts.push(at + 1);
    }
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  isLineStart(offset: number): boolean {
    return offset === 0 || this.text[offset - 1] === "\n";
  }

  /** Line of an offset in the file, from 1. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + this.firstLine;
  }
}

/** Children without comments and without what could not be read. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== "Comment" && !child.type.isError) {
      children.push(child);
    }
  }
  return children;
}

/** The nodes between separators; `(`, `)`, `[`, `]`, `{` and `}` are left out. */
export function partsBetween(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) {
      parts.push([]);
    } else if (!brackets.has(node.name)) {
      parts.at(-1)?.push(node);
    }
  }
  return parts.filter((part) => part.length > 0);
}

const brackets = new Set(["(", ")", "[", "]", "{", "}"]);
