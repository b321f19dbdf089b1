import { emptyPlatform, type Platform } from "./platform";

/** Reads a Procfile: a name, a colon and a command on each line; others, such as comments, are left out. */
export function readProcfile(text: string, file: string): Platform {
  const lines = text.split(/\r?\n/).flatMap((line, index) => {
    const at = line.indexOf(":");
    const [name, command] = [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
    return /^[A-Za-z0-9_-]+$/.test(name) && command !== "" ? [{ name, command, where: `${file}:${index + 1}` }] : [];
  });
  return { ...emptyPlatform(), lines };
}
