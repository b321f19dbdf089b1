import fs from "node:fs";
import path from "node:path";

/** Paths to what stands there: a text is a file's content, a mode that of what is there already. */
export type Tree = Record<string, string | Buffer | { symlink: string } | { executable: string } | { mode: number }>;

export interface TemporaryFolder {
  /** The folder itself, or a path in it. */
  path: (...parts: string[]) => string;
  write: (tree: Tree) => void;
}

/** A folder that each test of a suite finds empty. */
export function temporaryFolder(): TemporaryFolder {
  let root = "";
  beforeEach(() => {
    // Not in TMPDIR, which may be long: a unix socket's path has about a hundred bytes.
    root = fs.mkdtempSync(path.join(fs.realpathSync("/tmp"), "kdj-"));
  });
  afterEach(() => {
    // A process that the test has started may write in it still.
    fs.rmSync(root, { recursive: true, force: true, maxRetries: 100, retryDelay: 10 });
  });
  return {
    path: (...parts) => path.join(root, ...parts),
    write: (tree) => {
      writeTree(root, tree);
    },
  };
}

export function writeTree(root: string, tree: Tree): void {
  for (const [name, entry] of Object.entries(tree)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (typeof entry === "string" || Buffer.isBuffer(entry)) {
      fs.writeFileSync(file, entry);
    } else if ("symlink" in entry) {
      fs.symlinkSync(entry.symlink, file);
    } else if ("mode" in entry) {
      fs.chmodSync(file, entry.mode);
    } else {
      fs.writeFileSync(file, entry.executable);
      fs.chmodSync(file, 0o755);
    }
  }
}
