import type { Tool } from "./tool";
import { versions } from "./versions";

// Tools of the tests: a registry, and something small for an image.

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
