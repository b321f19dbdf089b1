import execa from "execa";

import { allowUnreadInput } from "../../terminal/unreadInput";
import { clusterFiles, type ClusterKind } from "./kinds";

/**
 * Runs the docker CLI against the cluster's own daemon and returns what it prints.
 *
 * @param options.reject whether a failure rejects, rather than returning ""; @default true
 * @param options.stdin what the CLI reads; @default nothing
 */
export async function docker(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  args: string[],
  options: { reject?: boolean; stdin?: NodeJS.ReadableStream } = {},
): Promise<string> {
  const subprocess = allowUnreadInput(
    execa("docker", ["--host", `unix://${clusterFiles(kind).dockerSocket}`, ...args], {
      env: environment,
      extendEnv: false,
      reject: options.reject ?? true,
      stdin: options.stdin ? "pipe" : "ignore",
    }),
  );
  if (options.stdin && subprocess.stdin) {
    options.stdin.pipe(subprocess.stdin);
  }
  const { stdout, exitCode } = await subprocess;
  return exitCode === 0 ? stdout : "";
}

/** Whether the cluster's daemon has an image. */
export async function hasImage(kind: ClusterKind, environment: NodeJS.ProcessEnv, image: string): Promise<boolean> {
  const ask = ["image", "inspect", "--format", "{{.Id}}", image];
  return (await docker(kind, environment, ask, { reject: false })) !== "";
}

/** Removes every container of the cluster's daemon, also those that run. */
export async function removeContainers(kind: ClusterKind, environment: NodeJS.ProcessEnv): Promise<void> {
  const containers = await docker(kind, environment, ["ps", "--all", "--quiet"], { reject: false });
  if (containers !== "") {
    await docker(kind, environment, ["rm", "--force", ...containers.split("\n")], { reject: false });
  }
}

/** Whether the cluster's daemon answers. */
export async function doesDaemonAnswer(kind: ClusterKind, environment: NodeJS.ProcessEnv): Promise<boolean> {
  return (await docker(kind, environment, ["version"], { reject: false })) !== "";
}
