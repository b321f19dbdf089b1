import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import type { Commands } from "./commands";
import type { ScenarioName } from "./scenarioNames";

/** The source file that is edited, and the element in it whose text is. */
const page = "app/templates/index.html";
const heading = /<h1>[^<]*<\/h1>/;

/** One of the ways that are compared; all start from the same sources and end at the same page. */
export interface Side {
  readonly title: string;
  readonly commands: Commands;
  /** What it takes part in; absent for everything. */
  readonly scenarios?: readonly ScenarioName[];
  /** From nothing but cached image layers to ready pods. */
  first(): Promise<void>;
  /** The same command again. */
  unchanged(): Promise<void>;
  /** From an edited source to ready pods. */
  edited(): Promise<void>;
  destroyed(): Promise<void>;
  /** After an edit, while nothing is timed: what it takes for `unchanged` to find nothing to do. */
  settle(): Promise<void>;
  /** URL of the page; asked for while nothing is timed. */
  url(): Promise<string>;
  /** Ends everything this side made. */
  dispose(): Promise<void>;
}

/** Edits one line that shows on the page, and returns its text: one that no build has ever seen, so that no layer is cached. */
export function editHeading(folder: string): string {
  const file = path.join(folder, page);
  const source = fs.readFileSync(file, "utf8");
  if (!heading.test(source)) {
    throw new Error(`${page} has no <h1> whose text the bench could edit.`);
  }
  const text = `Edited ${randomUUID()}`;
  fs.writeFileSync(file, source.replace(heading, `<h1>${text}</h1>`));
  return text;
}
