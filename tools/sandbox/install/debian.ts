import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import execa from "execa";

import { chooseMirror } from "./aptSources";
import { processFolder } from "./folders";
import type { Progress } from "../../terminal/progress";
import { findExecutable, runShowing } from "./run";
import type { DebianWay } from "./tool";

/**
 * The releases that packages come from, on any version of Debian. What runs with the older release's libraries runs on
 * all later releases, so every machine gets the same, tested combination.
 */
const releases = ["bookworm", "trixie"];

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Unpacks Debian's packages into a tool's folder. apt runs with its own configuration, so nothing is installed in the
 * system, and the system's sources and lists stay as they are.
 *
 * @throws an error that names what is missing, or with apt's error
 */
export async function unpackDebian(way: DebianWay, folder: string, progress: Progress): Promise<void> {
  const missing = ["apt-get", "dpkg-deb"].filter((name) => findExecutable(name) === undefined);
  if (missing.length > 0) throw new Error(`this system has no ${missing.join(" and no ")}`);
  if (!existsSync(keyring)) throw new Error(`this system lacks Debian's archive keyring, ${keyring}`);

  const packages = path.join(folder, "packages");
  const root = path.join(folder, "root");
  await mkdir(packages);
  const apt = await ownApt(progress);
  await runShowing("apt-get", ["download", ...apt, ...way.packages], progress, { cwd: packages });
  for (const file of readdirSync(packages)) {
    progress.detail(`unpacking ${file}`);
    await execa("dpkg-deb", ["--extract", path.join(packages, file), root]);
  }
  await rm(packages, { recursive: true });
  await layOut(way, folder, root);
}

let updated: Promise<string[]> | undefined;

/** apt's options for its own lists; each process fetches the lists once. */
function ownApt(progress: Progress): Promise<string[]> {
  updated ??= updateLists(progress);
  return updated;
}

async function updateLists(progress: Progress): Promise<string[]> {
  const folder = processFolder("apt");
  const sources = path.join(folder, "debian.sources");
  for (const name of ["lists/partial", "archives/partial"]) await mkdir(path.join(folder, name), { recursive: true });
  const mirror = await chooseMirror(releases);
  await writeFile(
    sources,
    `Types: deb\nURIs: ${mirror}\nSuites: ${releases.join(" ")}\nComponents: main\nSigned-By: ${keyring}\n`,
  );
  const settings = {
    "Dir::Etc::SourceList": sources,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": path.join(folder, "lists"),
    "Dir::Cache": folder,
    // apt's own user cannot read root's cache folder.
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await runShowing("apt-get", ["update", "--error-on=any", ...options], progress);
  return options;
}

/** Adds a tool's executables to its folder: links into the packages, or scripts for those that use their libraries. */
async function layOut(way: DebianWay, folder: string, root: string): Promise<void> {
  for (const [name, target] of Object.entries(way.links)) {
    const link = path.join(folder, name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.relative(path.dirname(link), path.join(root, target)), link);
  }
  for (const [name, command] of Object.entries(way.wrappers ?? {})) {
    const script = path.join(folder, name);
    await mkdir(path.dirname(script), { recursive: true });
    await writeFile(script, wrapper(command, libraryFolders(root)));
    await chmod(script, 0o755);
  }
}

/** The packages' folders of libraries, relative to their root; older packages use /lib. */
function libraryFolders(root: string): string[] {
  return ["lib", "usr/lib"]
    .filter((parent) => existsSync(path.join(root, parent)))
    .flatMap((parent) => readdirSync(path.join(root, parent)).map((name) => path.join(parent, name)))
    .filter((folder) => folder.includes("-linux-gnu"));
}

/** A script that runs an executable of the packages with their libraries. The folder of both can be moved. */
export function wrapper(command: string, libraries: readonly string[]): string {
  const folders = libraries.map((folder) => `$root/${folder}`);
  return `#!/bin/sh
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
root=\${self%/*}/../root
export LD_LIBRARY_PATH="${folders.join(":")}"
export XTABLES_LIBDIR="${folders.map((folder) => `${folder}/xtables`).join(":")}"
exec "$root"/${command} "$@"
`;
}
