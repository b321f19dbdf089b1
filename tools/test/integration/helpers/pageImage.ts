import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { docker } from "../../../sandbox/cluster/dockerCli";
import { run } from "../../../sandbox/cluster/host";
import { busybox } from "../../../sandbox/install/catalogue";
import { installTool } from "../../../sandbox/install/install";
import type { Kubectl } from "./kubectl";
import type { Registry } from "./registry";

/** Makes an image of two megabytes, with a shell and a web server, and gives it to the registry; returns its name. */
export async function pushPageImage({ kind, environment }: Kubectl, registry: Registry, name: string): Promise<string> {
  const { folder: tool } = await installTool(busybox);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "page-image-"));
  try {
    const image = `${registry.address}/${name}`;
    fs.mkdirSync(path.join(folder, "root", "bin"), { recursive: true });
    fs.copyFileSync(path.join(tool, "busybox"), path.join(folder, "root", "bin", "busybox"));
    for (const name of ["sh", "httpd", "nc", "timeout", "tail", "hostname"]) {
      fs.symlinkSync("busybox", path.join(folder, "root", "bin", name));
    }
    await run(environment, ["tar", "-C", path.join(folder, "root"), "-cf", path.join(folder, "image.tar"), "."]);
    await docker(kind, environment, ["import", "--change", "ENV PATH=/bin", path.join(folder, "image.tar"), image]);
    fs.writeFileSync(path.join(folder, "config.json"), registry.dockerConfig);
    await docker(kind, environment, ["--config", folder, "push", "--quiet", image]);
    return image;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
