import path from "node:path";

import type { Tool } from "./tool";
import { versions } from "./versions";

/** Where the Docker CLI always looks for plugins. */
export const cliPluginFolders = ["/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec"].map((folder) =>
  path.join(folder, "docker/cli-plugins"),
);

/** Docker's daemon and client, containerd and runc. */
export const engine: Tool = {
  name: "docker-engine",
  title: "Docker Engine",
  version: versions.docker,
  executables: ["dockerd", "docker", "containerd", "containerd-shim-runc-v2", "runc"],
  versionArguments: ["--version"],
  onPath: {
    accepts: ">=25.0.0",
    anyFile: cliPluginFolders.map((folder) => path.join(folder, "docker-buildx")),
  },
  ways: [
    // Docker publishes no sums of its archives.
    {
      kind: "debian",
      packages: [
        ...["docker.io/trixie", "docker-cli/trixie", "docker-buildx/trixie", "containerd/trixie", "tini/trixie"],
        ...["mmdebstrap/trixie", "runc/bookworm", "libseccomp2/bookworm"],
      ],
      links: {
        "bin/dockerd": "usr/sbin/dockerd",
        "bin/docker": "usr/bin/docker",
        "bin/docker-proxy": "usr/sbin/docker-proxy",
        "bin/docker-init": "usr/bin/tini-static",
        "bin/containerd": "usr/bin/containerd",
        "bin/containerd-shim-runc-v2": "usr/bin/containerd-shim-runc-v2",
        "bin/ctr": "usr/bin/ctr",
        "bin/mmdebstrap": "usr/bin/mmdebstrap",
        "cli-plugins/docker-buildx": "usr/libexec/docker/cli-plugins/docker-buildx",
      },
      wrappers: { "bin/runc": "usr/sbin/runc" },
    },
  ],
  byHand: "install Docker Engine 25 or newer with its buildx plugin (https://docs.docker.com/engine/install)",
};

const packetFilters = [
  "iptables",
  "iptables-save",
  "iptables-restore",
  "ip6tables",
  "ip6tables-save",
  "ip6tables-restore",
] as const;

/** By which the sandbox and kube-proxy set the kernel's packet filter. */
export const iptables: Tool = {
  name: "iptables",
  title: "iptables",
  version: versions.iptables,
  executables: packetFilters,
  versionArguments: ["--version"],
  onPath: { accepts: "*" },
  ways: [
    {
      kind: "debian",
      packages: [
        ...["iptables/bookworm", "libip4tc2/bookworm", "libip6tc2/bookworm", "libxtables12/bookworm"],
        ...["libnftnl11/bookworm", "libmnl0/bookworm", "libnfnetlink0/bookworm", "libnetfilter-conntrack3/bookworm"],
      ],
      links: {},
      wrappers: Object.fromEntries(packetFilters.map((name) => [`bin/${name}`, `usr/sbin/xtables-nft-multi ${name}`])),
    },
  ],
  byHand: "install the package iptables",
};

/** Makes addresses, links and network namespaces. */
export const iproute2: Tool = {
  name: "iproute2",
  title: "iproute2",
  version: versions.iproute2,
  executables: ["ip"],
  versionArguments: ["-V"],
  onPath: { accepts: "*" },
  ways: [
    {
      kind: "debian",
      packages: [
        ...["iproute2/bookworm", "libbpf1/bookworm", "libelf1/bookworm", "libmnl0/bookworm"],
        ...["libbsd0/bookworm", "libmd0/bookworm", "libcap2/bookworm", "zlib1g/bookworm"],
      ],
      links: {},
      wrappers: { "bin/ip": "bin/ip" },
    },
  ],
  byHand: "install the package iproute2",
};

/** Carries the connections of a forwarded port into a pod, for cri-dockerd. */
export const socat: Tool = {
  name: "socat",
  title: "socat",
  version: versions.socat,
  executables: ["socat"],
  versionArguments: ["-V"],
  onPath: { accepts: "*" },
  ways: [
    {
      kind: "debian",
      packages: [
        ...["socat/bookworm", "libssl3/bookworm", "libwrap0/bookworm", "libnsl2/bookworm", "libtirpc3/bookworm"],
        ...["libgssapi-krb5-2/bookworm", "libkrb5-3/bookworm", "libk5crypto3/bookworm", "libkrb5support0/bookworm"],
        ...["libcom-err2/bookworm", "libkeyutils1/bookworm"],
      ],
      links: {},
      wrappers: { "bin/socat": "usr/bin/socat" },
    },
  ],
  byHand: "install the package socat",
};
