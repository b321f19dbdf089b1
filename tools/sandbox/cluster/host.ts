import fs from "node:fs/promises";

import execa from "execa";

/** This process's environment with the tools' folders first on PATH and without a user's settings for other clusters. */
export function toolEnvironment(folders: string[]): NodeJS.ProcessEnv {
  const environment = { ...process.env, PATH: [...folders, process.env["PATH"]].join(":") };
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(DOCKER_|MINIKUBE_|KUBECONFIG$|BUILDX_|BUILDKIT_)/.test(name)),
  );
}

/** Runs a command and returns what it prints; an error contains what it printed. */
export async function run(environment: NodeJS.ProcessEnv, command: string[], input?: string): Promise<string> {
  const [file = "", ...args] = command;
  const { stdout } = await execa(file, args, {
    env: environment,
    extendEnv: false,
    ...(input === undefined ? {} : { input }),
  });
  return stdout;
}

/** Runs a command that may fail, such as one that removes what may be gone already. */
export async function tryRun(environment: NodeJS.ProcessEnv, command: string[]): Promise<void> {
  await run(environment, command).catch(() => undefined);
}

/** Kernel settings that Kubernetes changes, and that the last cluster to stop restores. */
export const changedSysctls = [
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/route_localnet",
  "net/bridge/bridge-nf-call-iptables",
  "net/bridge/bridge-nf-call-ip6tables",
  "vm/overcommit_memory",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** Reads kernel settings; the result lacks those that this kernel does not have. */
export async function readSysctls(names: string[]): Promise<Record<string, string>> {
  const entries = await Promise.all(
    names.map(async (name) => [name, await fs.readFile(`/proc/sys/${name}`, "utf8").catch(() => undefined)] as const),
  );
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value.trim()]])));
}

/** Writes the kernel settings that differ; those that this kernel does not have are ignored. */
export async function writeSysctls(values: Record<string, string>): Promise<void> {
  const now = await readSysctls(Object.keys(values));
  for (const [name, value] of Object.entries(values)) {
    if (now[name] !== value) {
      await fs.writeFile(`/proc/sys/${name}`, value).catch(() => undefined);
    }
  }
}

/** Whether this process, and with it every container that it starts, has CAP_SYS_RESOURCE. */
export async function maySetResources(): Promise<boolean> {
  const status = await fs.readFile("/proc/self/status", "utf8");
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  const resourceBit = 24n;
  return ((BigInt(`0x${bounding}`) >> resourceBit) & 1n) === 1n;
}
