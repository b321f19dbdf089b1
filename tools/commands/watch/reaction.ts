/** Files that changed, and what the sources of the image are now. */
export interface Change {
  /** As the checkout names them, with slashes. */
  names: string[];
  /** Folder of the project, as the checkout names it. */
  folder: string;
  /** Hash of the sources; undefined when no image can be built from them. */
  hash: string | undefined;
}

/**
 * What `npm run watch` does about a change: `continue` lets the update run that waits, and `restart` starts one that
 * reads the config and the program afresh.
 */
export type Reaction = "ignore" | "continue" | "restart";

/**
 * Decides on a change.
 *
 * Files excluded by .dockerignore are ignored. An update that waits has loaded the program and the config already, so it
 * serves for changed sources only.
 *
 * @param deployed hash of the sources that are deployed; undefined when the last update failed, so that a save retries
 * @param isHeld whether an update waits
 */
export function reactionTo({ names, folder, hash }: Change, deployed: string | undefined, isHeld: boolean): Reaction {
  if (!names.every((name) => isSource(name, folder))) {
    return "restart";
  }
  if (hash === deployed) {
    return "ignore";
  }
  return isHeld ? "continue" : "restart";
}

/** Whether a file is a source of the image, or may be. */
export function isSource(name: string, folder: string): boolean {
  return name.startsWith(`${folder}/`);
}
