import type { Tool } from "./tool";
import { architecture, versions } from "./versions";

// Tools of the tests: a registry, something small for an image, and the versions of Node.js that the project is for.

/** The registry of https://github.com/distribution/distribution. */
export const dockerRegistry: Tool = {
  name: "docker-registry",
  title: "Docker registry",
  version: versions.dockerRegistry,
  executables: ["docker-registry"],
  versionArguments: ["--version"],
  ways: [
    {
      kind: "debian",
      packages: ["docker-registry/bookworm"],
      links: { "bin/docker-registry": "usr/bin/docker-registry" },
    },
  ],
  byHand: "run the tests on a system with Debian's packages",
};

/** A shell and a web server in one static file. */
export const busybox: Tool = {
  name: "busybox",
  title: "busybox",
  version: versions.busybox,
  executables: ["busybox"],
  versionArguments: [],
  ways: [{ kind: "debian", packages: ["busybox-static/bookworm"], links: { "bin/busybox": "bin/busybox" } }],
  byHand: "run the tests on a system with Debian's packages",
};

/** A server that speaks S3, and what it needs. */
export const seaweedFs: Tool = {
  name: "seaweedfs",
  title: "SeaweedFS",
  version: versions.seaweedFs,
  executables: ["weed"],
  ways: [{ kind: "python", requirements: "seaweedfs", modules: {}, binaries: ["weed"] }],
  byHand: "install Python 3.11 or newer with venv (https://www.python.org/downloads)",
};

/** Lists what Docker's own code sends of a build context. */
export const dockerContext: Tool = {
  name: "docker-context",
  title: "Docker's context walker",
  version: versions.dockerContext,
  executables: ["docker-context"],
  ways: [{ kind: "go", builds: [{ module: "docker-context", package: ".", output: "bin/docker-context" }] }],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install), which compiles it",
};

/** Of the packages of Node.js, by version and architecture. */
const nodeSums: Readonly<Partial<Record<string, string>>> = {
  "20.20.2 x64": "sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==",
  "20.20.2 arm64": "sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==",
  "26.10.0 x64": "sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
  "26.10.0 arm64": "sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==",
};

/** The Node.js that `engines` in package.json asks for at least, and the newest one with long-term support. */
export const nodeReleases: readonly Tool[] = [versions.oldestNode, versions.newestNode].map((version) => ({
  name: "node",
  title: "Node.js",
  version,
  executables: ["node"],
  versionArguments: ["--version"],
  ways: [
    {
      kind: "npm",
      package: `node-linux-${architecture.node}`,
      version,
      integrity: nodeSums[`${version} ${architecture.node}`] ?? "",
      executables: { node: "bin/node" },
    },
  ],
  byHand: `run the tests with Node.js ${version} (https://nodejs.org)`,
}));
