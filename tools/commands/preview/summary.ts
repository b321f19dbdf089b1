import { actions, type Change, type Plan } from "../../pulumi/changes/changes";
import { block, code, folded, printable } from "./markdown";
import { called, type ConfigChange, configSection, section, warning } from "./sections";

/** Everything that a summary shows. */
export interface SummaryInput {
  stack: string;
  /** Commit of the base, shortened. */
  base: string;
  plan: Plan;
  config: ConfigChange[];
  /** Sentences on what the preview could not show. */
  notes: string[];
}

/** Characters. GitHub refuses a comment of 65,536. */
export const longestSummary = 60_000;

/** Characters. In a block the text may take three times as many. */
const longestErrors = longestSummary / 4;

const number = (value: number): string => value.toLocaleString("en");

/** First line of a summary, by which `npm run preview:comment` finds the comment of a stack again. */
export function marker(stack: string): string {
  return `<!-- kubernetes-django: preview of stack ${stack} -->`;
}

/** Whether a line is the first line of a summary, of any stack. */
export function isMarker(line: string): boolean {
  return /^<!-- kubernetes-django: preview of stack .+ -->$/.test(line);
}

/** "2 to change, 1 to replace, 12 unchanged" */
export function counts({ changes, unchanged }: Plan): string {
  const planned = actions.flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} to ${action}`];
  });
  return [...(planned.length === 0 ? ["No changes"] : planned), `${unchanged.length} unchanged`].join(", ");
}

/** What a pull request would change, in GitHub's Markdown, shorter than `longestSummary`. Equal inputs give equal texts. */
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

/** The summary of a preview that failed. */
export function renderFailure(
  { stack, base }: { stack: string; base: string },
  what: string,
  errors: string[],
): string {
  const texts = errors.map(printable);
  let room = longestErrors;
  const whole = takeWhile(texts, (text) => (room -= text.length + 1) >= 0);
  const [first = ""] = texts;
  const isCut = whole.length === 0 && first !== "";
  const shown = isCut ? [first.slice(0, longestErrors)] : whole;
  const left = texts.length - shown.length;
  const notes = [
    ...(isCut ? [`Cut after the first ${number(longestErrors)} of ${number(first.length)} characters.`] : []),
    ...(left > 0 ? [`${number(left)} more errors are cut here.`] : []),
  ];
  const said = [`**${what}**, compared with ${code(base)}.`, block(shown.join("\n")), ...notes];
  return `${[...heading({ stack }), ...said].join("\n\n")}\n`;
}

function heading({ stack }: { stack: string }): string[] {
  return [`${marker(stack)}\n### Preview of stack ${code(stack)}`];
}

/** Adds the resources that fit, each as a whole, and says how many are left out. */
function assemble(head: string[], { changes, unchanged }: Plan, tail: string[]): string {
  // 600 characters are left for the note about what is cut and the frame of the unchanged names.
  let room = longestSummary - [...head, ...tail].join("\n\n").length - 600;
  const fits = (text: string): boolean => (room -= text.length + 2) >= 0;
  const sections = takeWhile(changes.map(section), fits);
  const names = takeWhile(
    unchanged.map((each) => `- ${called(each)}`),
    (name) => sections.length === changes.length && fits(name),
  );
  const note = noteOfCuts(changes.slice(sections.length), unchanged.length - names.length);
  const fold = names.length === 0 ? [] : [folded(`${number(unchanged.length)} unchanged`, names.join("\n"))];
  return `${[...head, ...sections, ...fold, ...note, ...tail].join("\n\n")}\n`;
}

function noteOfCuts(changes: Change[], unchanged: number): string[] {
  const counted = counts({ changes, unchanged: [] }).replace(", 0 unchanged", "");
  const cut = [
    ...(changes.length === 0 ? [] : [`${number(changes.length)} of the changes counted above (${counted})`]),
    ...(unchanged === 0 ? [] : [`the name${unchanged === 1 ? "" : "s"} of ${number(unchanged)} unchanged`]),
  ];
  return cut.length === 0
    ? []
    : [`Cut here, to keep the text below ${number(longestSummary)} characters: ${cut.join(", and ")}.`];
}

function takeWhile<T>(items: T[], isWanted: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !isWanted(item));
  return end === -1 ? items : items.slice(0, end);
}
