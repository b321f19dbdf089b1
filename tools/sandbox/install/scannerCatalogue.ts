import type { Tool } from "./tool";
import { versions } from "./versions";

// Findings, and the exceptions for them, differ between releases: only the exact version is accepted.

/** Finds weaknesses of Kubernetes objects. */
export const kubeScore: Tool = {
  name: "kube-score",
  title: "kube-score",
  version: versions.kubeScore,
  executables: ["kube-score"],
  versionArguments: ["version"],
  onPath: { accepts: versions.kubeScore },
  ways: [
    {
      kind: "go",
      builds: [
        {
          module: "kube-score",
          package: "github.com/zegl/kube-score/cmd/kube-score",
          output: "bin/kube-score",
          variables: { "main.version": `v${versions.kubeScore}` },
        },
      ],
    },
  ],
  byHand: `install kube-score ${versions.kubeScore} (https://github.com/zegl/kube-score/releases)`,
};

/** Finds weaknesses of Kubernetes objects. Its version is not checked, since it takes seconds to print it. */
export const checkov: Tool = {
  name: "checkov",
  title: "checkov",
  version: versions.checkov,
  executables: ["checkov"],
  ways: [{ kind: "python", requirements: "checkov", modules: { checkov: "checkov.main" } }],
  byHand: "install Python 3.11 or newer with venv (https://www.python.org/downloads)",
};
