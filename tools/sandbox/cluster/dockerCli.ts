import execa from "execa";

import { clusterFiles, type ClusterKind } from "./kinds";

/** Runs the docker CLI against the cluster's own daemon and returns what it prints. */
export async function docker(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  args: string[],
  options: { reject?: boolean; stdin?: NodeJS.ReadableStream } = {},
): Promise<string> {
  const subprocess = execa("docker", ["--host", `unix://${clusterFiles(kind).dockerSocket}`, ...args], {
    env: environment,
    extendEnv: false,
    reject: options.reject ?? true,
    stdin: options.stdin ? "pipe" : "ignore",
  });
  if (options.stdin && subprocess.stdin) {
    options.stdin.pipe(subprocess.stdin);
  }
  const { stdout, exitCode } = await subprocess;
  return exitCode === 0 ? stdout : "";
}
