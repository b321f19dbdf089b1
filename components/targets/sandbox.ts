import os from "node:os";
import path from "node:path";

/**
 * The folder of everything that is fetched or built once and used by every later run.
 *
 * @default `~/.cache/kubernetes-django`; `$XDG_CACHE_HOME/kubernetes-django` where that is set
 */
export function cacheFolder(): string {
  return userFolder("XDG_CACHE_HOME", ".cache");
}

/**
 * The folder of what has to outlive a cleared cache: the objects, volumes and keys of the sandbox's clusters.
 *
 * @default `~/.local/share/kubernetes-django`; `$XDG_DATA_HOME/kubernetes-django` where that is set
 */
export function dataFolder(): string {
  return userFolder("XDG_DATA_HOME", ".local/share");
}

function userFolder(variable: string, usual: string): string {
  // The XDG specification has relative paths ignored; so is a variable that is set to nothing.
  const chosen = process.env[variable] ?? "";
  return path.join(path.isAbsolute(chosen) ? chosen : path.join(os.homedir(), usual), "kubernetes-django");
}

/** Where a cluster of the sandbox keeps its images, logs and sockets. */
export function clusterFolder(name: string): string {
  return path.join(cacheFolder(), "clusters", name);
}

/** The embedded cluster, as the program reaches it: `npm run up` starts it. */
export interface Sandbox {
  kubeContext: string;
  kubeconfig: string;
  /** Address of its Docker daemon. */
  dockerHost: string;
}

export const sandboxContext = "kubernetes-django-sandbox";

/** Name of the embedded cluster's folders. The paths of its volumes contain it: a change would lose their data. */
export const sandboxFolderName = "shared";

/** Where the embedded cluster is; whether it runs is another question. */
export function sandbox(): Sandbox {
  const folder = clusterFolder(sandboxFolderName);
  return {
    kubeContext: sandboxContext,
    kubeconfig: path.join(folder, "kubeconfig"),
    dockerHost: `unix://${path.join(folder, "docker.sock")}`,
  };
}
