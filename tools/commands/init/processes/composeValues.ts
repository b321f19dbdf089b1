import { commandLineOf } from "./commandWords";

/** A map, or a list of `NAME=value`; a name without a value is of the environment of compose itself. */
export function pairsOf(value: unknown): [name: string, value: string][] {
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown) => {
      const [, name, text] = /^([^=]+)=(.*)$/s.exec(textOf(each) ?? "") ?? [];
      return name === undefined || text === undefined ? [] : [[name, text] as [string, string]];
    });
  }
  return Object.entries(value ?? {}).flatMap(([name, each]: [string, unknown]) => {
    const text = textOf(each);
    return text === undefined ? [] : [[name, text] as [string, string]];
  });
}

/** Where a volume with a name is: `media:/app/media`; undefined for a folder of the machine. */
export function namedVolume(volume: unknown): string | undefined {
  const long = volume as { type?: unknown; target?: unknown } | null;
  if (typeof volume === "object") {
    return long?.type === "volume" ? textOf(long.target) : undefined;
  }
  const [, folder] = /^\w[\w.-]*:(\/[^:]+)/.exec(textOf(volume) ?? "") ?? [];
  return folder;
}

/**
 * The folder of the machine that a volume is, and where it is in the container: `.:/app`; undefined for one with a name
 * and for an absolute path.
 */
export function mountOf(volume: unknown): { source: string; target: string | undefined } | undefined {
  const long = volume as { type?: unknown; source?: unknown; target?: unknown } | null;
  const [, short, shortTarget] = /^(\.[^:]*):(\/[^:]*)/.exec(textOf(volume) ?? "") ?? [];
  const [source, target] =
    typeof volume !== "object"
      ? [short, shortTarget]
      : long?.type === "bind"
        ? [textOf(long.source), textOf(long.target)]
        : [];
  return source === undefined ? undefined : { source, target };
}

/** A small number, which may be written as a text. */
export function numberOf(value: unknown): number | undefined {
  const text = textOf(value) ?? "";
  return /^[0-9]{1,4}$/.test(text) ? Number(text) : undefined;
}

/** Of `1m30s`. */
export function secondsOf(duration: string): number | undefined {
  const [whole, hours = "0", minutes = "0", seconds = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return whole === undefined || whole === ""
    ? undefined
    : (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/**
 * A command as one line: compose splits a text as a shell does and takes a list as it is. A script in it, as in
 * `sh -c "..."`, keeps the ends of its lines, which separate commands.
 */
export function lineOf(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return commandLineOf(value.map((each) => scriptOf(textOf(each) ?? ""))) || undefined;
  }
  const line = textOf(value)
    ?.trim()
    .replace(quotedOrLineEnd, (part) =>
      /^["']/.test(part) ? `${part.charAt(0)}${scriptOf(part.slice(1, -1))}${part.charAt(0)}` : " ",
    );
  return line === "" ? undefined : line;
}

const quotedOrLineEnd = /"(?:[^"\\]|\\.)*"|'[^']*'|\s*\\?\n\s*/gs;

/** A script with each command on one line, and without empty lines around it; text for a command's input stays as it is. */
const scriptOf = (text: string): string =>
  text.includes("<<")
    ? text
    : text
        .replace(/\s*\\\n\s*/g, " ")
        .replace(/(?<=&&|\|)[ \t]*\n\s*/g, " ")
        // No command begins with a hyphen: these are options that somebody put on lines of their own.
        .replace(/[ \t]*\n\s*(?=-)/g, " ")
        .replace(/^\s*\n|\s*\n\s*$/g, "");

/** The entries of a list; none of something else. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Numbers and booleans are texts where compose takes them. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
