import type { Then } from "./protocol";
import type { Difference } from "./sources";

/** What Django's template engines read, and read again once they are told to. */
const ofTemplates = /(^|\/)(templates|jinja2)\/|\.(html?|djhtml|jinja2?|j2)$/i;
/** What is read for each request, or by nobody but people. */
const readEachTime =
  /(^|\/)static\/|\.(css|scss|sass|less|jsx?|tsx?|mjs|map|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|md|rst|po|pot)$/i;

/** Folders that Django looks for once, in each app. */
const soughtOnce = /(^|\/)(templates|jinja2|static|locale)$/;

/**
 * What processes have to do about a change, so that nothing of before is seen.
 *
 * @param isFolder whether a path is, or was, that of a folder @default none is
 */
export function thenOf({ changed, removed }: Difference, isFolder: (name: string) => boolean = () => false): Then {
  const names = [...changed, ...removed].filter((name) => !isFolder(name) || soughtOnce.test(name));
  if (names.every((name) => isData(name, readEachTime))) {
    return "nothing";
  }
  return names.every((name) => isData(name, readEachTime) || isData(name, ofTemplates)) ? "templates" : "restart";
}

/** Python reads a module once, in whatever folder it is. */
const isData = (name: string, pattern: RegExp): boolean => pattern.test(name) && !/\.(py|pyc|mo)$/.test(name);
