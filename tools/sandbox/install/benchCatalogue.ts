import type { Tool } from "./tool";
import { versions } from "./versions";

/** Simulates nodes and their pods, for `npm run bench:scale`. */
export const kwok: Tool = {
  name: "kwok",
  title: "kwok",
  version: versions.kwok,
  executables: ["kwok"],
  versionArguments: ["--version"],
  onPath: { accepts: `>=${versions.kwok} <1` },
  ways: [
    // No sum of the vendor's file is known.
    {
      kind: "go",
      builds: [
        {
          module: "kwok",
          package: "sigs.k8s.io/kwok/cmd/kwok",
          output: "bin/kwok",
          variables: { "sigs.k8s.io/kwok/pkg/consts.Version": `v${versions.kwok}` },
        },
      ],
    },
  ],
  byHand: `install kwok ${versions.kwok} or newer (https://kwok.sigs.k8s.io/docs/user/installation)`,
};
