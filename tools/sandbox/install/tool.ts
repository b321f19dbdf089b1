/** A program the sandbox needs, and every way to get it. */
export interface Tool {
  /** Name of its folder in the cache. */
  readonly name: string;
  /** Name in what people read. */
  readonly title: string;
  readonly version: string;
  /** Executables that belong together; the first one answers for the version. */
  readonly executables: readonly [string, ...string[]];
  /** Arguments that make the first executable print its version; @default it is not asked, any version will do */
  readonly versionArguments?: readonly string[];
  /** Whether the machine's own will do, and which versions (a semver range); @default it is not looked for */
  readonly onPath?: { readonly accepts: string; readonly anyFile?: readonly string[] };
  /** In the order in which they are tried. */
  readonly ways: readonly Way[];
  /** What to do when no way leads anywhere, as an imperative: "install Docker Engine 25 or newer". */
  readonly byHand: string;
}

export type Way = DownloadWay | PulumiInstallerWay | GoWay | DebianWay | PythonWay;

/** From where the vendor publishes it. */
export interface DownloadWay {
  readonly kind: "download";
  readonly files: readonly Download[];
}

export interface Download {
  readonly url: string;
  /** The file to write in the tool's folder; for a `.tgz` or `.tar.gz`, the folder to unpack its top folder's content to. */
  readonly to: string;
  /** The one file to take out of an archive; @default all of them */
  readonly member?: string;
  /** Address of the published SHA-256 sums; @default the vendor publishes none */
  readonly sums?: string;
}

/** By the installer that Pulumi's Automation API runs. */
export interface PulumiInstallerWay {
  readonly kind: "pulumi-installer";
}

/** By compiling published Go modules. */
export interface GoWay {
  readonly kind: "go";
  readonly builds: readonly GoBuild[];
  /** Scripts of tools/sandbox/toolchain/plugin-scripts that belong beside the executables; @default none */
  readonly scripts?: readonly string[];
}

export interface GoBuild {
  /** Folder under tools/sandbox/toolchain with the go.mod that pins every dependency. */
  readonly module: string;
  readonly package: string;
  /** The executable to write, in the tool's folder. */
  readonly output: string;
  /** What the linker sets: Go variables and their values. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Further names of the executable, where it acts by the name it is called by. */
  readonly names?: readonly string[];
}

/** From Debian's packages, unpacked into the cache: nothing is installed in the system. */
export interface DebianWay {
  readonly kind: "debian";
  /** The version that Debian has; @default the tool's */
  readonly version?: string;
  /** `package/release`. */
  readonly packages: readonly string[];
  /** Files of the tool's folder and what each is in the packages. */
  readonly links: Readonly<Record<string, string>>;
  /** The same for executables that need libraries of these packages; words after the path are first arguments. */
  readonly wrappers?: Readonly<Record<string, string>>;
}

/** From PyPI, into a virtual environment. */
export interface PythonWay {
  readonly kind: "python";
  /** Folder under tools/sandbox/toolchain with the requirements.txt that pins every package. */
  readonly requirements: string;
  /** Executables and the Python module that each runs. */
  readonly modules: Readonly<Record<string, string>>;
}

export type Source = "path" | "cache" | "vendor" | "debian" | "built";

export interface InstalledTool {
  readonly name: string;
  readonly version: string;
  /** The folder of the executables; of the first one, where they are spread over PATH. */
  readonly folder: string;
  readonly source: Source;
}
