/** Whether something of this name stands anywhere in a syntax tree: an attribute, an argument, a key, a called function. */
export function mentions(tree: unknown, pattern: RegExp): boolean {
  if (typeof tree !== "object" || tree === null) {
    return false;
  }
  const { kind, name, text } = tree as { kind?: unknown; name?: unknown; text?: unknown };
  const named = kind === "text" ? text : name;
  return (
    (typeof named === "string" && pattern.test(named)) || Object.values(tree).some((part) => mentions(part, pattern))
  );
}
