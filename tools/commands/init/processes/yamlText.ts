import { type Document, LineCounter, parseDocument } from "yaml";

/** What a YAML document says, and where. */
export interface YamlText {
  /** Undefined for one with errors, such as an alias of nothing, or one of too many. */
  content: unknown;
  /** Line of the value below a path of keys, counted from 1; undefined where a merge brought it. */
  lineAt: (keys: readonly (string | number)[]) => number | undefined;
}

export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines, logLevel: "silent" });
  return {
    content: contentOf(document),
    lineAt: (keys) => {
      const node = document.getIn(keys, true) as { range?: [number, number, number] } | undefined;
      const start = node?.range?.[0];
      return start === undefined ? undefined : lines.linePos(start).line;
    },
  };
}

function contentOf(document: Document): unknown {
  try {
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch {
    return undefined;
  }
}
