import { inFolder, type ShellCommand } from "./shellCommands";

/** The command of a tool, wherever the tool is: `tail(words, /^pip/)` of `/venv/bin/pip install .` is `install .`. */
function tail(words: readonly string[], tool: RegExp): string[] | undefined {
  const at = words.findIndex((word) => tool.test(word.slice(word.lastIndexOf("/") + 1)));
  return at < 0 ? undefined : words.slice(at + 1);
}

/** Options of pip whose value may look like a folder. */
const withValue =
  /^(-[rcetifw]|--(wheel-dir|requirement|constraint|editable|target|prefix|root|src|index-url|extra-index-url|find-links|cache-dir|python|log|build))$/;

/** A folder as pip takes one: `.`, `./shop`, `/app`, `.[postgres]`. */
const folderWord = /^(?:file:(?:\/\/)?)?(\.{1,2}(?:\/[^[]*)?|\/[^[]*)(?:\[[^\]]*\])?$/;

/**
 * The folders whose project a command installs or packs as a copy, so that a change of its sources reaches no process.
 * One that installs it so that it runs from its folder (`-e`) has none.
 *
 * @returns absolute paths; undefined for a folder that is not known
 */
export function installedFolders({ words, folder }: ShellCommand): (string | undefined)[] {
  const pip = tail(words, /^pip[0-9.]*$/) ?? [];
  if (/^(install|wheel)$/.test(pip.find((word) => !isOption(word, pip)) ?? "")) {
    return pip.flatMap((word, at) => {
      const [, place] = folderWord.exec(word) ?? [];
      const isFolder =
        place !== undefined && !withValue.test(pip[at - 1] ?? "") && !/\.(txt|in|whl|zip|gz)$/.test(place);
      return isFolder ? [inFolder(folder, place)] : [];
    });
  }
  return packs(words) ? [folder] : [];
}

/** Whether a word is an option, or the value of the one before it. */
const isOption = (word: string, words: readonly string[]): boolean =>
  word.startsWith("-") || withValue.test(words[words.indexOf(word) - 1] ?? "");

function packs(words: readonly string[]): boolean {
  const sub = (tool: RegExp): string[] => tail(words, tool) ?? [];
  const [uv = "", ...ofUv] = sub(/^uv$/);
  const [pdm = "", ...ofPdm] = sub(/^pdm$/);
  const isModule = /^python[0-9.]*$/.test(words[0]?.split("/").at(-1) ?? "") && words[1] === "-m";
  const tools = [uv, pdm, ...[/^poetry$/, /^hatch$/, /^flit$/].map((tool) => sub(tool)[0])];
  return (
    tools.includes("build") ||
    (uv === "sync" && ofUv.includes("--no-editable") && !ofUv.includes("--no-install-project")) ||
    (/^(sync|install)$/.test(pdm) && ofPdm.includes("--no-editable") && !ofPdm.includes("--no-self")) ||
    (isModule && words[2] === "build") ||
    sub(/^setup\.py$/).some((word) => /^(install|bdist_wheel)$/.test(word))
  );
}

/** Folders that a command makes. */
export function madeFolders({ words, folder }: ShellCommand): string[] {
  const made =
    tail(words, /^mkdir$/) ?? (words.some((word) => /^(-d|--directory)$/.test(word)) ? tail(words, /^install$/) : []);
  return (made ?? []).flatMap((word) => (word.startsWith("-") ? [] : (inFolder(folder, word) ?? [])));
}

const frontend =
  /^(npm|npx|yarn|pnpm|pnpx|bun|bunx|webpack|vite|rollup|parcel|esbuild|gulp|grunt|sass|tailwindcss.*|tailwind)(:.*)?$/;

/** Whether a command makes stylesheets and scripts of sources. */
export const buildsFrontend = ({ words }: ShellCommand): boolean =>
  words.some((word, at) => at < 2 && frontend.test(word.slice(word.lastIndexOf("/") + 1))) ||
  (words.some((word) => /(^|\/)manage\.py$/.test(word)) &&
    words.some((word) => /^(tailwind|compress|sass)$/.test(word)));
