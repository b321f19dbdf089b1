import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../components/problem";
import type { Commands } from "./commands";
import type { ScenarioName } from "./scenarioNames";

/** The source file that is edited, and the element whose text changes. */
const page = "app/templates/index.html";
const heading = /<h1>[^<]*<\/h1>/;

/** One of the compared ways. All start from the same sources and end at the same page. */
export interface Side {
  readonly title: string;
  readonly commands: Commands;
  /** Scenarios that the side takes part in. @default all */
  readonly scenarios?: readonly ScenarioName[];
  /** From nothing but cached image layers to ready pods. */
  first(): Promise<void>;
  /** The same command again. */
  unchanged(): Promise<void>;
  /** From an edited source to ready pods. */
  edited(): Promise<void>;
  destroyed(): Promise<void>;
  /** Prepares after an edit, untimed, so that `unchanged` finds nothing to do. */
  settle(): Promise<void>;
  /** URL of the page; this call is not timed. */
  url(): Promise<string>;
  /** Removes everything that this side made. */
  dispose(): Promise<void>;
}

/** Edits one line of the page, and returns its new text. No build has seen the text, so no layer is cached. */
export function editHeading(folder: string): string {
  const file = path.join(folder, page);
  const source = fs.readFileSync(file, "utf8");
  if (!heading.test(source)) {
    throw new Problem(`${page} has no <h1>, whose text the bench edits`);
  }
  const text = `Edited ${randomUUID()}`;
  fs.writeFileSync(file, source.replace(heading, `<h1>${text}</h1>`));
  return text;
}
