import { createHash, randomInt } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

/** What is in a folder: of a file its mode and content, of a link where it leads, and nothing of a folder. */
export type Files = Record<string, string>;

/** A Python program that prints the same of a folder in a pod. */
export const filesIn = `
import hashlib, json, os, sys
root, found = sys.argv[1], {}
for folder, folders, files in os.walk(root):
    for name in folders + files:
        path = os.path.join(folder, name)
        key = os.path.relpath(path, root)
        if "__pycache__" in key:
            continue
        if os.path.islink(path):
            found[key] = "link " + os.readlink(path)
        elif os.path.isdir(path):
            found[key] = "folder"
        else:
            with open(path, "rb") as file:
                digest = hashlib.sha1(file.read()).hexdigest()
            found[key] = "file %o %s" % (os.stat(path).st_mode & 0o777, digest)
print(json.dumps(found))
`;

/** Edits files of a folder in every way that editors, git and users do. */
export class RandomEdits {
  private count = 0;

  constructor(private readonly root: string) {
    fs.mkdirSync(root);
  }

  expected(): Files {
    const found: Files = {};
    for (const entry of fs.readdirSync(this.root, { recursive: true, withFileTypes: true })) {
      const place = path.join(entry.parentPath, entry.name);
      found[path.relative(this.root, place)] = inWords(place);
    }
    return found;
  }

  /** Makes one edit, and sometimes waits a moment as somebody would who types. */
  async next(): Promise<void> {
    this.count++;
    const edit = edits[randomInt(edits.length)];
    edit?.(this.root, `n${this.count % 40}`, `${this.count}\n`);
    if (randomInt(10) === 0) {
      await setTimeout(randomInt(60));
    }
  }
}

function inWords(place: string): string {
  const stats = fs.lstatSync(place);
  if (stats.isSymbolicLink()) {
    return `link ${fs.readlinkSync(place)}`;
  }
  return stats.isDirectory()
    ? "folder"
    : `file ${(stats.mode & 0o777).toString(8)} ${createHash("sha1").update(fs.readFileSync(place)).digest("hex")}`;
}

/** What is in the way of an edit goes first. */
const clear = (place: string): void => {
  fs.rmSync(place, { recursive: true, force: true });
};

const write = (place: string, text: string): void => {
  if (fs.lstatSync(place, { throwIfNoEntry: false })?.isFile() !== true) {
    clear(place);
  }
  fs.writeFileSync(place, text);
};

type Edit = (root: string, name: string, text: string) => void;

const edits: Edit[] = [
  (root, name, text) => {
    write(path.join(root, `${name}.py`), text);
  },
  (root, name, text) => {
    fs.mkdirSync(path.join(root, "deep", "er", name), { recursive: true });
    write(path.join(root, "deep", "er", name, "file.txt"), text);
  },
  // As editors save: whole or not at all.
  (root, name, text) => {
    const place = path.join(root, `${name}.html`);
    fs.writeFileSync(`${place}~`, text);
    clear(place);
    fs.renameSync(`${place}~`, place);
  },
  // In pieces.
  (root, name, text) => {
    const place = path.join(root, `${name}.py`);
    write(place, "");
    fs.appendFileSync(place, text);
    fs.appendFileSync(place, text);
  },
  (root, name) => {
    clear(path.join(root, `${name}.py`));
  },
  (root, name) => {
    const place = path.join(root, `${name}.py`);
    if (fs.lstatSync(place, { throwIfNoEntry: false })?.isFile() === true) {
      clear(path.join(root, `renamed-${name}.py`));
      fs.renameSync(place, path.join(root, `renamed-${name}.py`));
    }
  },
  (root, name, text) => {
    const place = path.join(root, `${name}.sh`);
    write(place, text);
    fs.chmodSync(place, randomInt(2) === 0 ? 0o755 : 0o644);
  },
  (root, name) => {
    const place = path.join(root, `${name}.link`);
    clear(place);
    fs.symlinkSync(`${name}.py`, place);
  },
  // A file takes the place of a folder, and the other way round.
  (root, name, text) => {
    const place = path.join(root, "swapped");
    clear(place);
    if (randomInt(2) === 0) {
      fs.mkdirSync(place);
      write(path.join(place, name), text);
    } else {
      write(place, text);
    }
  },
  (root, name) => {
    const [from, to] = [path.join(root, "deep"), path.join(root, `moved-${name}`)];
    if (fs.existsSync(from) && randomInt(4) === 0) {
      clear(to);
      fs.renameSync(from, to);
    }
  },
  (root, name) => {
    clear(path.join(root, "empty"));
    fs.mkdirSync(path.join(root, "empty", name), { recursive: true });
  },
];
