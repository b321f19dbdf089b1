import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { writeNew, writeWhole } from "../../wholeFile";
import { isSourceName, type ReturnedFile } from "./returned";

/** What became of a file that a command wrote: `beside` under another name, `refused` for not written. */
export type Outcome =
  | { name: string; became: "new" | "changed" | "same" }
  | { name: string; became: "beside"; as: string }
  | { name: string; became: "refused"; why: string };

/** SHA-256 of the files that were sent, by their names. */
export type Digests = Readonly<Record<string, string | undefined>>;

/** Writes what a command returned into a project's folder, and nothing over a file that the command did not have. */
export function putBack(folder: string, returned: readonly ReturnedFile[], sent: Digests): Outcome[] {
  return returned.map((file) => putOneBack(folder, file, Object.hasOwn(sent, file.name) ? sent[file.name] : undefined));
}

function putOneBack(folder: string, file: ReturnedFile, sent: string | undefined): Outcome {
  const { name, content } = file;
  if (!isSourceName(name)) {
    return { name, became: "refused", why: "a command may not write a file of that name" };
  }
  const obstacle = obstacleTo(folder, name);
  if (obstacle !== undefined) {
    return { name, became: "refused", why: `${obstacle} is no folder` };
  }
  const place = path.join(folder, name);
  makeFolders(folder, path.dirname(name));
  const present = presentAt(place);
  if (present === undefined && sent === undefined && writeOwn(place, file, writeNew)) {
    return { name, became: "new" };
  }
  if (present?.digest === digestOf(content)) {
    return { name, became: "same" };
  }
  if (present?.digest !== undefined && present.digest === sent) {
    writeOwn(place, file, writeWhole, present.mode);
    return { name, became: "changed" };
  }
  for (let number = 1; ; number++) {
    const as = `${name}.new${number === 1 ? "" : number}`;
    if (writeOwn(path.join(folder, as), file, writeNew)) {
      return { name, became: "beside", as };
    }
  }
}

/** The first part of a path to a file that is there and is no folder, such as a link that leads elsewhere. */
function obstacleTo(folder: string, name: string): string | undefined {
  const parts = name.split("/").slice(0, -1);
  return parts
    .map((_, index) => parts.slice(0, index + 1).join("/"))
    .find((parent) => {
      const stat = fs.lstatSync(path.join(folder, parent), { throwIfNoEntry: false });
      return stat !== undefined && !stat.isDirectory();
    });
}

/** What has a name now; without a digest it is no regular file. */
function presentAt(place: string): { mode: number; digest?: string } | undefined {
  const stat = fs.lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined) {
    return undefined;
  }
  const mode = stat.mode & 0o777;
  return stat.isFile() ? { mode, digest: digestOf(fs.readFileSync(place)) } : { mode };
}

const digestOf = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** Makes the folders down to one, each with the permissions and the owner of the folder that it is in. */
function makeFolders(folder: string, name: string): void {
  let parent = folder;
  for (const part of name === "." ? [] : name.split("/")) {
    const child = path.join(parent, part);
    if (!fs.existsSync(child)) {
      const { mode } = fs.statSync(parent);
      fs.mkdirSync(child);
      fs.chmodSync(child, mode & 0o777);
      giveToOwnerOf(parent, child);
    }
    parent = child;
  }
}

/** @param mode @default what the folder's permissions leave of a new file's */
function writeOwn<T>(
  place: string,
  { content, isExecutable }: ReturnedFile,
  write: (file: string, content: Buffer, mode: number) => T,
  mode?: number,
): T {
  const parent = path.dirname(place);
  const written = write(place, content, mode ?? (isExecutable ? 0o777 : 0o666) & fs.statSync(parent).mode);
  if (written !== false) {
    giveToOwnerOf(parent, place);
  }
  return written;
}

/** What root writes belongs to whom the folder belongs. */
function giveToOwnerOf(folder: string, place: string): void {
  if (process.getuid?.() === 0) {
    const { uid, gid } = fs.statSync(folder);
    fs.lchownSync(place, uid, gid);
  }
}

/** What a user has to know of it, in a line; undefined for nothing. */
export function inWords(folder: string, outcome: Outcome): string | undefined {
  const file = path.join(folder, outcome.name);
  switch (outcome.became) {
    case "same":
      return undefined;
    case "beside":
      return `${file} is not the file that the command had: what it wrote is in ${path.join(folder, outcome.as)}`;
    case "refused":
      return `${JSON.stringify(outcome.name)} is not written: ${outcome.why}`;
    default:
      return `${file} ${outcome.became === "new" ? "is new" : "has changed"}`;
  }
}
