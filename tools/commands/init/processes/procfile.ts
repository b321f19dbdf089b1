/** A line of a Procfile. */
export interface ProcfileLine {
  name: string;
  command: string;
  /** Counted from 1. */
  line: number;
}

/** Whether something was found in a Procfile, by where that was. */
export const isOfProcfile = (where: string): boolean => where.startsWith("Procfile");

/** Reads a Procfile: a name, a colon and a command on each line; others, such as comments, are left out. */
export function parseProcfile(text: string): ProcfileLine[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const at = line.indexOf(":");
    const [name, command] = [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
    return /^[A-Za-z0-9_-]+$/.test(name) && command !== "" ? [{ name, command, line: index + 1 }] : [];
  });
}
