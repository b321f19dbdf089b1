import { type Check, problem } from "./checks";

/** One of the five fields: what its numbers may be, and the names that stand for them from the least on. */
interface Field {
  from: number;
  to: number;
  names?: string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fields: Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: months },
  { from: 0, to: 6, names: weekdays },
];
const descriptor = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every ([0-9]+h)?([0-9]+m)?([0-9]+s)?)$/;

/**
 * A cron expression as Kubernetes reads it, by the grammar of github.com/robfig/cron's `ParseStandard`. Packages for
 * Node.js take more, such as 7 for Sunday or `L`, which the API server refuses when half of an update is done.
 */
export const cronExpression: Check<string> = (key, value) => {
  const text = value?.trim();
  if (text === undefined || !(text.startsWith("@") ? isDescriptor(text) : isExpression(text))) {
    throw problem(key, value, {
      allowed: "a cron expression of five fields (minute, hour, day, month, weekday), or @hourly, @daily and such",
      example: "'0 3 * * *'",
    });
  }
  return text;
};

const isDescriptor = (text: string): boolean => descriptor.test(text) && /^@every [^1-9]*$/.exec(text) === null;

function isExpression(text: string): boolean {
  const parts = text.split(/\s+/);
  return (
    parts.length === fields.length && fields.every((field, at) => (parts[at] ?? "").split(",").every(isPart(field)))
  );
}

function isPart(field: Field): (part: string) => boolean {
  return (part) => {
    const [range = "", step, ...more] = part.split("/");
    const [first = "", last, ...rest] = range.split("-");
    if (
      more.length > 0 ||
      rest.length > 0 ||
      (step !== undefined && !(/^[0-9]{1,4}$/.test(step) && Number(step) > 0))
    ) {
      return false;
    }
    if (range === "*" || range === "?") {
      return true;
    }
    const from = numberOf(field, first);
    const to = last === undefined ? from : numberOf(field, last);
    return from <= to && from >= field.from && to <= field.to;
  };
}

/** NaN for what is none. */
function numberOf({ from, names = [] }: Field, text: string): number {
  const at = names.indexOf(text.toLowerCase());
  return at >= 0 ? at + from : /^[0-9]{1,4}$/.test(text) ? Number(text) : NaN;
}
