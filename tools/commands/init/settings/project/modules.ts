import { readdirSync } from "node:fs";
import * as path from "node:path";

import { statsOf } from "../../../../../components/statsOf";
import type { ProjectModule, ProjectModules } from "../interpreter/interpreter";
import type { ModulePlace } from "../interpreter/scope";
import { readSmallFile } from "../../readSmallFile";
import { parsePython } from "../python/parsePython";

/** Finds and reads the modules that settings name, each once. */
export class ModuleFiles implements ProjectModules {
  readonly #roots: string[];
  readonly #read = new Map<string, ProjectModule | undefined>();
  readonly #kinds = new Map<string, "file" | "folder" | undefined>();
  /** What could not be read as Python: files relative to the project, with the line of a statement that has errors. */
  readonly unreadable = new Set<string>();

  /**
   * @param manageFolder relative to the project; the folder that Python imports from
   * @param made files that only the project's image has, each with the one of the project that is copied there
   */
  constructor(
    readonly project: string,
    manageFolder: string,
    readonly made: ReadonlyMap<string, string> = new Map<string, string>(),
  ) {
    this.#roots = [...new Set([path.join(project, manageFolder), project, path.join(project, "src")])];
  }

  has(name: string): boolean {
    return this.#pathOf(name) !== undefined;
  }

  find(name: string): ProjectModule | undefined {
    const found = this.#pathOf(name);
    return found?.file === undefined ? undefined : this.read(found.file, name, found.isPackage);
  }

  matching(pattern: string, place: ModulePlace): ProjectModule[] {
    const folder = path.join(this.project, path.dirname(place.file), path.dirname(pattern));
    const [start = "", ...ends] = path.basename(pattern).split("*");
    const end = ends.at(-1);
    const isMeant = (name: string) =>
      end === undefined ? name === start : name.startsWith(start) && name.endsWith(end);
    const packageName = place.isPackage ? place.name : place.name.split(".").slice(0, -1).join(".");
    return this.#names(folder)
      .filter((name) => name.endsWith(".py") && isMeant(name))
      .flatMap((name) => {
        const inner = path.dirname(pattern) === "." ? [] : path.dirname(pattern).split("/");
        const dotted = [packageName, ...inner, name.slice(0, -3)].filter((part) => part !== "").join(".");
        return this.read(path.join(folder, name), dotted, false) ?? [];
      });
  }

  /** Names of the modules and packages in a package. */
  siblings(packageName: string): string[] {
    const folder = this.#pathOf(packageName)?.folder;
    return this.#names(folder ?? "")
      .map((name) => name.replace(/\.py$/, ""))
      .filter((name) => /^[a-z_]\w*$/i.test(name) && name !== "__init__" && name !== "__pycache__");
  }

  /** Packages beside manage.py. */
  topPackages(): string[] {
    const root = this.#roots[0] ?? this.project;
    return this.#names(root).filter(
      (name) => /^[a-z_]\w*$/i.test(name) && this.#kind(path.join(root, name)) === "folder",
    );
  }

  /** Whether a module is in `src` itself, which Python does not import from where manage.py is elsewhere. */
  isInSrc(name: string): boolean {
    const [top = ""] = name.split(".");
    const place = path.join(this.project, "src", top);
    const file = this.#pathOf(top)?.file;
    const isThere = file === `${place}.py` || file === path.join(place, "__init__.py");
    return isThere && this.#roots[0] !== path.dirname(place);
  }

  /** A module's file, relative to the project. */
  fileOf(name: string): string | undefined {
    const file = this.#pathOf(name)?.file;
    return file === undefined ? undefined : this.#relative(file);
  }

  /** The files of a module, or of all modules in a package, relative to the project; none of another project. */
  filesOf(name: string): string[] {
    const found = this.#pathOf(name);
    const { folder } = found ?? {};
    const files =
      folder === undefined ? [found?.file ?? ""] : this.#names(folder).map((each) => path.join(folder, each));
    return files.filter((file) => file.endsWith(".py")).map((file) => this.#relative(file));
  }

  read(file: string, name: string, isPackage: boolean): ProjectModule | undefined {
    if (this.#read.has(file)) {
      return this.#read.get(file);
    }
    const relative = this.#relative(file);
    const text = readSmallFile(this.project, this.made.get(relative) ?? relative);
    const parsed = text === undefined ? undefined : parsePython(text);
    for (const place of parsed?.errorLines.map((line) => `${relative}:${line}`) ?? [relative]) {
      this.unreadable.add(place);
    }
    const module = parsed && { name, file: relative, isPackage, body: parsed.body };
    this.#read.set(file, module);
    return module;
  }

  #pathOf(name: string): { file: string | undefined; folder: string | undefined; isPackage: boolean } | undefined {
    // A variable may name one that no `import` can.
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) {
      return undefined;
    }
    for (const root of this.#roots) {
      const base = path.join(root, ...name.split("."));
      const initial = path.join(base, "__init__.py");
      if (this.#kind(base) === "folder") {
        // A folder of that name that Python does not import from must not hide a package.
        if (this.#kind(initial) === "file") {
          return { file: initial, folder: base, isPackage: true };
        }
        if (this.#kind(`${base}.py`) !== "file" && this.#names(base).some((entry) => entry.endsWith(".py"))) {
          return { file: undefined, folder: base, isPackage: true };
        }
      }
      if (this.#kind(`${base}.py`) === "file") {
        return { file: `${base}.py`, folder: undefined, isPackage: false };
      }
    }
    return undefined;
  }

  #relative(file: string): string {
    return path.relative(this.project, file).split(path.sep).join("/");
  }

  #kind(file: string): "file" | "folder" | undefined {
    if (!this.#kinds.has(file)) {
      const stats = statsOf(file);
      const isFile = stats?.isFile() ?? this.made.has(this.#relative(file));
      this.#kinds.set(file, stats?.isDirectory() ? "folder" : isFile ? "file" : undefined);
    }
    return this.#kinds.get(file);
  }

  #names(folder: string): string[] {
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  }
}
