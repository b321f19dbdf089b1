import { parse } from "shell-quote";

/**
 * A reference to a variable, which Kubernetes replaces before anything reads the command. In lower case it may be a
 * command, such as `$(nproc)`: a shell gets that, and finds a variable replaced there, too.
 */
const reference = /\$\(([A-Z_][A-Z0-9_]*)\)/g;
const [open, close] = ["\u{E000}", "\u{E001}"];

/** Two dollar signs, of which Kubernetes makes one; those before a bracket are somebody's way to have a reference left alone. */
const twoSigns = /\$\$(?!\$*\()/g;

/** Dollar signs that Kubernetes would replace: of two it makes one, wherever they stand, and `$(NAME)` is a reference. */
const replaced = /\$+(?=\()|\${2,}/g;

/** A text of which Kubernetes makes what is written here, as it is no reference and holds none. */
export const literally = (text: string): string => text.replace(replaced, (signs) => signs.repeat(2));

/** Words that only a shell understands at the beginning of a command. */
export const ofShell = /^(\w+=.*|cd|exec|export|set|source|\.|\[|if|for|while|test|trap|ulimit|umask)$/s;

/** A command line in exec form: its words, or a shell's if it uses what only a shell understands. */
export function execForm(line: string): string[] {
  return wordsOf(line).map((word) => word.replace(twoSigns, (signs) => signs.repeat(2)));
}

function wordsOf(line: string): string[] {
  const hidden = line.replace(reference, `${open}$1${close}`);
  const words = partsOf(hidden);
  if (!words?.every(isPlain) || ofShell.test(words[0] ?? "")) {
    return ["/bin/sh", "-c", line];
  }
  return words.map((word) => word.replaceAll(open, "$(").replaceAll(close, ")"));
}

/** @returns undefined for a substitution that only a shell makes, or refuses in its own words */
function partsOf(line: string): ReturnType<typeof parse> | undefined {
  try {
    // A variable is what only a shell replaces.
    return parse(line, (name) => ({ op: name }));
  } catch {
    return undefined;
  }
}

const isPlain = (word: unknown): word is string => typeof word === "string" && !/^~|`/.test(word);
