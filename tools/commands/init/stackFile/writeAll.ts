import fs from "node:fs";

import { writeNew, writeWhole } from "../../../wholeFile";
import { stackFileName } from "../../../stack/stackFiles";
import type { Setting } from "../decision/decision";
import type { Edit, StackFileText } from "./editStackFile";
import { encryptValues } from "./encryptValues";

/** A file that is not there yet. */
export interface NewFile {
  /** Absolute path. */
  place: string;
  text: string;
}

export interface Writing {
  stack: string;
  text: StackFileText;
  settings: readonly Setting[];
  /** Those whose values are to be encrypted. */
  secrets: readonly Setting[];
  removed: Edit["removed"];
  files?: readonly NewFile[];
}

/** Permissions of files that others may read. */
const mode = 0o644;

/**
 * Writes new files and a stack's file, all of them or none.
 *
 * @throws a `Problem` for what cannot be encrypted or written
 */
export async function writeAll({ stack, text, settings, secrets, removed, files = [] }: Writing): Promise<void> {
  const file = stackFileName(stack);
  const { encrypted, salt } = await encryptValues({ stack, app: text.app }, secrets);
  const edit = text.edited({ settings, secrets: encrypted, removed, salt });
  const made: string[] = [];
  try {
    for (const { place, text: content } of files) {
      if (writeNew(place, content, mode)) {
        made.push(place);
      }
    }
    writeWhole(file, edit, fs.statSync(file).mode & 0o777);
  } catch (error) {
    for (const place of made) {
      fs.rmSync(place, { force: true });
    }
    throw error;
  }
}
