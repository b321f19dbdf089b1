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

/** Lists what Docker's own code sends of a build context. */
export const dockerContext: Tool = {
  name: "docker-context",
  title: "Docker's context walker",
  version: versions.dockerContext,
  executables: ["docker-context"],
  ways: [{ kind: "go", builds: [{ module: "docker-context", package: ".", output: "bin/docker-context" }] }],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install), which compiles it",
};

/** The Node.js that `engines` in package.json asks for at least, and the newest one with long-term support. */
export const nodeReleases: readonly Tool[] = [versions.oldestNode, versions.newestNode].map((version) => ({
  name: "node",
  title: "Node.js",
  version,
  executables: ["node"],
  versionArguments: ["--version"],
  ways: [{ kind: "npm", package: `node-linux-${architecture.node}`, version, executables: { node: "bin/node" } }],
  byHand: `run the tests with Node.js ${version} (https://nodejs.org)`,
}));
