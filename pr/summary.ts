import { kinds, type Plan, type Resource } from "./changes";
import { block, code, folded } from "./markdown";
import { called, type ConfigChange, configSection, section, warning } from "./sections";

/** What a summary is made of. */
export interface SummaryInput {
  stack: string;
  /** Commit of the base, shortened. */
  base: string;
  plan: Plan;
  config: ConfigChange[];
  /** Sentences on what the preview could not show. */
  notes: string[];
}

/** Characters: GitHub refuses a comment of 65,536. */
export const longestSummary = 60_000;

/** First line of a summary: by it the comment of a stack is found again. */
export function marker(stack: string): string {
  return `<!-- kubernetes-django: preview of stack ${stack} -->`;
}

/** Whether a line is the first of some stack's summary. */
export function isMarker(line: string): boolean {
  return /^<!-- kubernetes-django: preview of stack .+ -->$/.test(line);
}

/** "2 to change, 1 to replace, 12 unchanged" */
export function counts({ changes, unchanged }: Plan): string {
  const planned = kinds.flatMap((kind) => {
    const count = changes.filter(({ action }) => action === kind).length;
    return count === 0 ? [] : [`${count} to ${kind}`];
  });
  return [...(planned.length === 0 ? ["No changes"] : planned), `${unchanged.length} unchanged`].join(", ");
}

/** What a pull request would change, as GitHub's Markdown below `longestSummary`; the same input gives the same text. */
export function renderSummary(input: SummaryInput): string {
  const { plan, notes } = input;
  const head = [
    ...heading(input),
    `**${counts(plan)}**, compared with ${code(input.base)}.`,
    ...warning(plan.changes),
    ...configSection(input.config),
  ];
  const tail = notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join("\n")];
  return assemble(head, plan, tail);
}

/** The summary of a preview that came to no result. */
export function renderFailure(
  { stack, base }: { stack: string; base: string },
  what: string,
  errors: string[],
  hidden = 0,
): string {
  const note = hidden === 0 ? [] : [`${hidden} more are left out here.`];
  const parts = [...heading({ stack }), `**${what}**, compared with ${code(base)}.`, block(errors.join("\n")), ...note];
  const text = `${parts.join("\n\n")}\n`;
  if (text.length < longestSummary) {
    return text;
  }
  return errors.length > 1
    ? renderFailure({ stack, base }, what, errors.slice(0, -1), hidden + 1)
    : renderFailure({ stack, base }, what, [`${(errors[0] ?? "").slice(0, longestSummary / 4)}…`], hidden);
}

function heading({ stack }: { stack: string }): string[] {
  return [`${marker(stack)}\n### Preview of stack ${code(stack)}`];
}

/** Puts in what fits, whole resources only, and says how many did not. */
function assemble(head: string[], { changes, unchanged }: Plan, tail: string[]): string {
  const size = (parts: string[]): number => parts.join("\n\n").length;
  // Left for what is added below: the note of what was cut and the fold of the unchanged.
  const room = longestSummary - size([...head, ...tail]) - 600;
  let used = 0;
  const fits = (text: string): boolean => (used += text.length + 2) <= room;
  const sections = takeWhile(changes.map(section), fits);
  const hidden = changes.slice(sections.length);
  const cut =
    hidden.length === 0
      ? []
      : [
          `${hidden.length} more of the changes counted above are cut here (${counts({ changes: hidden, unchanged: [] }).replace(", 0 unchanged", "")}), to keep the text below ${longestSummary.toLocaleString("en")} characters.`,
        ];
  return `${[...head, ...sections, ...cut, ...unchangedFold(unchanged, hidden.length > 0 ? () => false : fits), ...tail].join("\n\n")}\n`;
}

function unchangedFold(unchanged: Resource[], fits: (text: string) => boolean): string[] {
  const lines = takeWhile(
    unchanged.map((each) => `- ${called(each)}`),
    fits,
  );
  const rest = unchanged.length - lines.length;
  const more = rest === 0 ? [] : [`- and ${rest} more cut here`];
  return lines.length === 0 ? [] : [folded(`${unchanged.length} unchanged`, [...lines, ...more].join("\n"))];
}

function takeWhile<T>(items: T[], isWanted: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !isWanted(item));
  return end === -1 ? items : items.slice(0, end);
}
