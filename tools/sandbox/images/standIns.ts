import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { makeScratch } from "../../scratch";
import type { Progress } from "../../terminal/progress";
import { docker } from "../cluster/dockerCli";
import { run } from "../cluster/host";
import type { ClusterKind } from "../cluster/kinds";
import { dockerfileFrontend } from "../install/imageCatalogue";
import { installTool } from "../install/install";
import { standIn } from "./baseImage";
import { pythonImage, pythonInWords, pythonStandIn } from "./pythonImage";

/** Where an image is needed, and what makes it. */
export interface ImageHost {
  kind: ClusterKind;
  environment: NodeJS.ProcessEnv;
  /** Path of the executable; undefined where this system has none. */
  mmdebstrap: string | undefined;
}

/** What takes the place of an image. */
export interface StandIn {
  /** Such as "Debian trixie's Python 3.13". */
  words: string;
  /** Gives the daemon an image of that name. */
  provide: (host: ImageHost, name: string, progress: Progress) => Promise<void>;
}

const frontend = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?::[\w.-]+)?$/;
/** uv's two executables and nothing else, or in an image of Python, whose tag has the parts in another order. */
const uv =
  /^ghcr\.io\/astral-sh\/uv(?::(?:(latest|[0-9]+(?:\.[0-9]+){0,2})|(?:([0-9]+(?:\.[0-9]+){0,2})-)?python(3\.[0-9]+)(?:-([a-z]+))?(-slim)?))?$/;

/** What stands in for an image; undefined for one that nothing does. */
export function standInFor(image: string): StandIn | undefined {
  const python = pythonStandIn(image);
  if (python !== undefined) {
    const provide: StandIn["provide"] = async ({ kind, environment, mmdebstrap }, name, progress) => {
      await standIn(kind, environment, mmdebstrap, { name, made: pythonImage(python) }, progress);
    };
    return { words: pythonInWords(python), provide };
  }
  if (frontend.test(image)) {
    return { words: `BuildKit ${dockerfileFrontend.version}'s reader of Dockerfiles`, provide: provideFrontend };
  }
  const [isUv, alone = "latest", beside = "latest", minor, release, slim = ""] = uv.exec(image) ?? [];
  if (isUv === undefined) {
    return undefined;
  }
  return minor === undefined
    ? {
        words: uvInWords(alone),
        provide: async (host, name, progress) => {
          await provideUv(host, name, alone, progress);
        },
      }
    : withUv(standInFor(`python:${minor}${slim}${release === undefined ? "" : `-${release}`}`), beside);
}

/** What stands in for an image that has uv as well. */
function withUv(python: StandIn | undefined, version: string): StandIn | undefined {
  return (
    python && {
      words: `${python.words} with ${uvInWords(version)}`,
      provide: async (host, name, progress) => {
        await withUvsFiles(host, name, version, progress, async (folder, names) => {
          // Under a name of its own: one without uv must not be found under this name the next time, nor by others.
          const unfinished = `kubernetes-django-sandbox/unfinished:${randomUUID()}`;
          await python.provide(host, unfinished, progress);
          await addFiles(host, unfinished, name, folder, names);
        });
      },
    }
  );
}

const uvInWords = (version: string): string => `uv${version === "latest" ? "" : ` ${version}`} from PyPI`;

async function provideFrontend(host: ImageHost, name: string): Promise<void> {
  const { folder } = await installTool(dockerfileFrontend);
  await importFiles(host, name, folder, dockerfileFrontend.executables, [`ENTRYPOINT ["/dockerfile-frontend"]`]);
}

async function provideUv(host: ImageHost, name: string, version: string, progress: Progress): Promise<void> {
  await withUvsFiles(host, name, version, progress, async (folder, names) => {
    await importFiles(host, name, folder, names, [`ENTRYPOINT ["/uv"]`]);
  });
}

/** Makes an image of another one, which is removed, and of some files. */
async function addFiles(
  { kind, environment }: ImageHost,
  base: string,
  name: string,
  folder: string,
  files: readonly string[],
): Promise<void> {
  try {
    const container = await docker(kind, environment, ["create", base]);
    try {
      for (const each of files) {
        await docker(kind, environment, ["cp", path.join(folder, each), `${container}:/usr/local/bin/${each}`]);
      }
      await docker(kind, environment, ["commit", "--change", "ENV UV_TOOL_BIN_DIR=/usr/local/bin", container, name]);
    } finally {
      await docker(kind, environment, ["rm", container]);
    }
  } finally {
    await docker(kind, environment, ["image", "rm", base]);
  }
}

/** Fetches uv's executables for an image, which `use` finds in a folder. */
async function withUvsFiles(
  { environment }: ImageHost,
  name: string,
  version: string,
  progress: Progress,
  use: (folder: string, names: string[]) => Promise<void>,
): Promise<void> {
  const scratch = makeScratch("uv");
  try {
    const folder = await fetchUv(environment, name, version, scratch.folder, progress);
    await use(folder, fs.readdirSync(folder));
  } finally {
    scratch.remove();
  }
}

/** Returns the folder with the executables. */
async function fetchUv(
  environment: NodeJS.ProcessEnv,
  name: string,
  version: string,
  folder: string,
  progress: Progress,
): Promise<string> {
  try {
    const release = version.split(".").length < 3 ? `${version}.*` : version;
    const wanted = version === "latest" ? "uv" : `uv==${release}`;
    progress.detail(`downloading ${wanted}`);
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder];
    await run(environment, ["python3", ...pip, wanted]);
    const wheel = fs.readdirSync(folder).find((each) => each.endsWith(".whl")) ?? "";
    await run(environment, ["python3", "-m", "zipfile", "--extract", path.join(folder, wheel), folder]);
    const data = fs.readdirSync(folder).find((each) => each.endsWith(".data")) ?? "";
    const scripts = path.join(folder, data, "scripts");
    for (const each of fs.readdirSync(scripts)) {
      fs.chmodSync(path.join(scripts, each), 0o755);
    }
    return scripts;
  } catch (error) {
    throw new Problem(
      `${name} cannot be pulled, and uv, which would stand in for it, cannot be fetched by this machine's \`python3 -m pip\``,
      "look at what it says",
      String((error as { stderr?: string }).stderr ?? error)
        .trim()
        .split("\n")
        .slice(-3),
    );
  }
}

/** Makes an image of some files of a folder, at its root. */
async function importFiles(
  { kind, environment }: ImageHost,
  name: string,
  folder: string,
  files: readonly string[],
  settings: string[],
): Promise<void> {
  const scratch = makeScratch("image");
  try {
    const archive = path.join(scratch.folder, "image.tar");
    await run(environment, ["tar", "--owner=0", "--group=0", "-C", folder, "-cf", archive, ...files]);
    const changes = settings.flatMap((setting) => ["--change", setting]);
    await docker(kind, environment, ["import", ...changes, archive, name]);
  } finally {
    scratch.remove();
  }
}
