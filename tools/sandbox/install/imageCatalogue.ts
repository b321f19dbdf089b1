import type { Tool } from "./tool";
import { versions } from "./versions";

/** What BuildKit reads a Dockerfile with whose first line names a syntax. */
export const dockerfileFrontend: Tool = {
  name: "dockerfile-frontend",
  title: "BuildKit's reader of Dockerfiles",
  version: versions.buildkit,
  executables: ["dockerfile-frontend"],
  ways: [
    {
      kind: "go",
      builds: [
        {
          module: "dockerfile-frontend",
          package: "github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend",
          output: "bin/dockerfile-frontend",
        },
      ],
    },
  ],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install), which compiles it",
};
