/** A program the sandbox needs, and every way to get it. */
export interface Tool {
  /** Name of its folder in the cache. */
  readonly name: string;
  /** Name in messages. */
  readonly title: string;
  readonly version: string;
  /** Executables that belong together; the first one prints the version. */
  readonly executables: readonly [string, ...string[]];
  /** Arguments that make the first executable print its version; @default any version is accepted */
  readonly versionArguments?: readonly string[];
  /**
   * The versions on PATH that are accepted, as a semver range, and files of which one has to exist; @default PATH is not
   * searched
   */
  readonly onPath?: { readonly accepts: string; readonly anyFile?: readonly string[] };
  /** Ways to install the tool, in the order in which they are tried. */
  readonly ways: readonly Way[];
  /** What to do when every way fails, as an imperative: "install Docker Engine 25 or newer". */
  readonly byHand: string;
}

export type Way = DownloadWay | GoWay | DebianWay | PythonWay | NpmWay;

/** By downloading what the vendor publishes, whose sums are in this repository. */
export interface DownloadWay {
  readonly kind: "download";
  readonly files: readonly Download[];
}

export interface Download {
  readonly url: string;
  /** The file to write in the tool's folder; for a `.tgz` or `.tar.gz`, the folder for the content of its top folder. */
  readonly to: string;
  /** The only files to unpack from an archive; @default all files */
  readonly members?: readonly string[];
  /** How many folders at the top of an archive are left out; @default 1 */
  readonly strip?: number;
  /**
   * The file's SHA-256 sum for each architecture that it is there for, in Go's spelling; SHA-512 where the vendor
   * publishes that. A file whose sum is not known is not downloaded: its tool is had in another way.
   */
  readonly sums: Readonly<Partial<Record<string, string>>>;
}

/** By compiling published Go modules. */
export interface GoWay {
  readonly kind: "go";
  readonly builds: readonly GoBuild[];
  /** Scripts of tools/sandbox/toolchain/plugin-scripts to copy beside the executables; @default none */
  readonly scripts?: readonly string[];
}

export interface GoBuild {
  /** Folder under tools/sandbox/toolchain with the go.mod that pins every dependency. */
  readonly module: string;
  readonly package: string;
  /** The executable to write, in the tool's folder. */
  readonly output: string;
  /** Go variables that the linker sets, and their values; @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Further names of an executable whose name decides what it does; @default none */
  readonly names?: readonly string[];
}

/** From Debian's packages, unpacked into the cache: nothing is installed in the system. */
export interface DebianWay {
  readonly kind: "debian";
  /** The version that Debian has; @default the tool's */
  readonly version?: string;
  /** `package/release`. */
  readonly packages: readonly string[];
  /** Links in the tool's folder to files of the packages. */
  readonly links: Readonly<Record<string, string>>;
  /** Scripts that run executables of the packages with the packages' libraries, and with the words after the path. */
  readonly wrappers?: Readonly<Record<string, string>>;
}

/** From PyPI, into a virtual environment. */
export interface PythonWay {
  readonly kind: "python";
  /** Folder under tools/sandbox/toolchain with the requirements.txt that pins every package. */
  readonly requirements: string;
  /** Executables, each with the Python module that it runs. */
  readonly modules: Readonly<Record<string, string>>;
  /** Executables that a package has, and that need no Python. @default none */
  readonly binaries?: readonly string[];
}

/** From the npm registry. */
export interface NpmWay {
  readonly kind: "npm";
  readonly package: string;
  readonly version: string;
  /** The package's SHA-512 sum, as the registry gives it. */
  readonly integrity: string;
  /** Executables, each with its file in the package. */
  readonly executables: Readonly<Record<string, string>>;
}

export type Source = "path" | "cache" | "vendor" | "debian" | "built";

export interface InstalledTool {
  readonly name: string;
  readonly version: string;
  /** The folder of the executables; on PATH, of the first one. */
  readonly folder: string;
  readonly source: Source;
}
