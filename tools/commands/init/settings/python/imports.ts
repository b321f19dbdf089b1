import type { SyntaxNode } from "@lezer/common";

import { partsBetween, type Source } from "./nodes";

/** What an import statement names. */
export function importOf(
  children: readonly SyntaxNode[],
  source: Source,
):
  | { kind: "import"; modules: { name: string; as: string | undefined }[] }
  | { kind: "importFrom"; level: number; module: string; names: { name: string; as: string }[] | "*" } {
  const at = children.findIndex(({ name }) => name === "import");
  const names = partsBetween(children.slice(at + 1), ",").map((part) => {
    const as = part.findIndex(({ name }) => name === "as");
    const dotted = part.slice(0, as < 0 ? part.length : as);
    const alias = as < 0 ? undefined : part[as + 1];
    return { name: dotted.map((node) => source.textOf(node)).join(""), as: alias && source.textOf(alias) };
  });
  if (children[0]?.name !== "from") {
    return { kind: "import", modules: names };
  }
  const path = children
    .slice(1, at)
    .map((node) => source.textOf(node))
    .join("");
  const level = path.length - path.replace(/^\.+/, "").length;
  const isStar = names[0]?.name === "*";
  return {
    kind: "importFrom",
    level,
    module: path.slice(level),
    names: isStar ? "*" : names.map(({ name, as }) => ({ name, as: as ?? name })),
  };
}
