import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import ignore from "@balena/dockerignore";
import { fdir } from "fdir";

import { Problem } from "../problem";

/** What, besides the files, decides what an image contains. */
export interface BuildOptions {
  buildArgs: Record<string, string>;
  /** As configured; undefined for the daemon's own. */
  platform: string | undefined;
  /** Stage of the Dockerfile; undefined for the last. */
  stage?: string;
}

export interface BuildContext {
  /** 12 hexadecimal digits that are the same wherever the same sources are built with the same options. */
  hash: string;
  /** Paths that reach the Docker daemon, sorted, with forward slashes. */
  files: string[];
  /** Those of folders, with a slash at the end. */
  folders: string[];
}

/** Where the Django project is, relative to the program. */
export const projectFolder = "app";

const hashLength = 12;

/** Throws a `Problem` when a folder cannot be built. */
export function refuseMissingDockerfile(folder: string): void {
  const dockerfile = dockerfileOf(folder);
  if (!fs.existsSync(dockerfile)) {
    throw new Problem(
      `${dockerfile} is missing: the folder ${folder} has to hold your Django project with a Dockerfile that listens on port 8000`,
      `run \`git checkout -- ${folder}\` to get the example back`,
    );
  }
}

/** The Dockerfile of a project, relative to the program as the folder is. */
export const dockerfileOf = (folder: string): string => path.join(folder, "Dockerfile");

/** Reads a folder as `docker build` would see it. Throws a `Problem` when it has no Dockerfile. */
export function readBuildContext(folder: string, { buildArgs, platform, stage }: BuildOptions): BuildContext {
  refuseMissingDockerfile(folder);
  const { files, folders } = listContext(folder);
  const hash = createHash("sha256");
  // Each part is preceded by its length, so that two different inputs never look the same.
  const add = (...parts: (string | Buffer)[]): void => {
    for (const part of parts) {
      hash.update(`${Buffer.byteLength(part)}:`).update(part);
    }
  };
  add("platform", platform ?? "", "stage", stage ?? "");
  for (const name of Object.keys(buildArgs).sort()) {
    add("argument", name, buildArgs[name] ?? "");
  }
  add("Dockerfile", fs.readFileSync(dockerfileOf(folder)));
  for (const file of files) {
    const absolute = path.join(folder, file);
    const stat = fs.lstatSync(absolute);
    if (stat.isSymbolicLink()) {
      add("link", file, fs.readlinkSync(absolute));
    } else {
      add((stat.mode & 0o100) === 0 ? "file" : "executable", file, fs.readFileSync(absolute));
    }
  }
  for (const name of withoutFiles(folders, files)) {
    add("folder", name);
  }
  return { hash: hash.digest("hex").slice(0, hashLength), files, folders };
}

/** What reaches the daemon. */
function listContext(folder: string): Pick<BuildContext, "files" | "folders"> {
  // BuildKit prefers an ignore file that goes with the Dockerfile.
  const ignoreFile = ["Dockerfile.dockerignore", ".dockerignore"]
    .map((name) => path.join(folder, name))
    .find((file) => fs.existsSync(file));
  const patterns = ignoreFile === undefined ? "" : fs.readFileSync(ignoreFile, "utf8");
  const filter = ignore({ ignorecase: false }).add(patterns).createFilter();
  // Below an ignored folder nothing can come back unless a pattern says so.
  const hasExceptions = /^\s*!/m.test(patterns);
  const crawl = new fdir()
    .withRelativePaths()
    .withDirs()
    .exclude((_, directory) => !hasExceptions && !filter(path.relative(folder, directory)))
    .crawl(folder);
  const paths = crawl
    .sync()
    .map((each) => each.split(path.sep).join("/"))
    .filter((each) => each !== "." && filter(each.replace(/\/$/, "")))
    .sort();
  const isFolder = (each: string): boolean => each.endsWith("/");
  return { files: paths.filter((each) => !isFolder(each)), folders: paths.filter(isFolder) };
}

/** Folders that no file is in: `COPY` makes them all the same. */
function withoutFiles(folders: string[], files: string[]): string[] {
  const filled = new Set(
    files.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index + 1))),
  );
  return folders.filter((each) => !filled.has(each));
}
