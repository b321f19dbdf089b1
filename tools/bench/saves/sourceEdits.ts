import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";

/** A line of the project that is edited again and again, and that the page shows. */
export interface SourceEdit {
  /** Relative to the project's folder. */
  file: string;
  line: RegExp;
  with: (text: string) => string;
}

export const pythonEdit: SourceEdit = {
  file: "config/views.py",
  line: /"django_version": .*,/,
  with: (text) => `"django_version": "${text}",`,
};

export const templateEdit: SourceEdit = {
  file: "templates/index.html",
  line: /<h1>[^<]*<\/h1>/,
  with: (text) => `<h1>${text}</h1>`,
};

/** The edited source. Throws a `Problem` where it has no such line. */
export function edited(source: string, { file, line, with: replacement }: SourceEdit, text: string): string {
  if (!line.test(source)) {
    throw new Problem(`${file} has no line that matches ${line.source}, which the bench edits`);
  }
  return source.replace(line, () => replacement(text));
}

/** Saves the edit with a text that no page has shown; returns the text. */
export function save(project: string, edit: SourceEdit): string {
  const file = path.join(project, edit.file);
  const text = `Edited ${randomUUID()}`;
  fs.writeFileSync(file, edited(fs.readFileSync(file, "utf8"), edit, text));
  return text;
}

/** Replaces one text of a file by another. Throws a `Problem` where it is not there. */
export function replaceIn(file: string, text: string, by: string): void {
  const source = fs.readFileSync(file, "utf8");
  if (!source.includes(text)) {
    throw new Problem(`${file} has no ${JSON.stringify(text)}, which the bench edits`);
  }
  fs.writeFileSync(
    file,
    source.replace(text, () => by),
  );
}
