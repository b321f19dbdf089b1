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
/** An image that is nothing but uv's two executables. */
const uv = /^ghcr\.io\/astral-sh\/uv(?::(latest|[0-9]+(?:\.[0-9]+){0,2}))?$/;

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
  const [isUv, version = "latest"] = uv.exec(image) ?? [];
  return isUv === undefined
    ? undefined
    : {
        words: `uv${version === "latest" ? "" : ` ${version}`} from PyPI`,
        provide: async (host, name, progress) => {
          await provideUv(host, name, version, progress);
        },
      };
}

async function provideFrontend(host: ImageHost, name: string): Promise<void> {
  const { folder } = await installTool(dockerfileFrontend);
  await importFiles(host, name, folder, dockerfileFrontend.executables, [`ENTRYPOINT ["/dockerfile-frontend"]`]);
}

async function provideUv(host: ImageHost, name: string, version: string, progress: Progress): Promise<void> {
  const { environment } = host;
  const scratch = makeScratch("uv");
  try {
    const release = version.split(".").length < 3 ? `${version}.*` : version;
    const wanted = version === "latest" ? "uv" : `uv==${release}`;
    progress.detail(`downloading ${wanted}`);
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", scratch.folder];
    await run(environment, ["python3", ...pip, wanted]);
    const wheel = fs.readdirSync(scratch.folder).find((each) => each.endsWith(".whl")) ?? "";
    await run(environment, ["python3", "-m", "zipfile", "--extract", path.join(scratch.folder, wheel), scratch.folder]);
    const data = fs.readdirSync(scratch.folder).find((each) => each.endsWith(".data")) ?? "";
    const scripts = path.join(scratch.folder, data, "scripts");
    const names = fs.readdirSync(scripts);
    for (const each of names) {
      fs.chmodSync(path.join(scripts, each), 0o755);
    }
    await importFiles(host, name, scripts, names, [`ENTRYPOINT ["/uv"]`]);
  } catch (error) {
    throw new Problem(
      `${name} cannot be pulled, and uv, which would stand in for it, cannot be fetched by this machine's \`python3 -m pip\``,
      "look at what it says",
      String((error as { stderr?: string }).stderr ?? error)
        .trim()
        .split("\n")
        .slice(-3),
    );
  } finally {
    scratch.remove();
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
