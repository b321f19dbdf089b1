import * as pulumi from "@pulumi/pulumi";

/** Arguments of `MinikubeImage`. */
export interface MinikubeImageArgs {
  /** Profile whose nodes get the image. */
  profile: string;
  /** Image reference on the Docker daemon that built it; the identity of this resource. */
  reference: string;
  /** Identity of the cluster: a cluster that was created again does not have the image. */
  clusterIdentifier: string;
  /** Docker daemon that has the image, as for DOCKER_HOST. */
  dockerHost: string;
}

/* eslint-disable @typescript-eslint/no-require-imports -- Pulumi runs these functions in a process of their own,
   so they can use only what they require themselves. */
const provider: pulumi.dynamic.ResourceProvider<MinikubeImageArgs, MinikubeImageArgs> = {
  async create(inputs) {
    const { execa, fs, os, path } = required();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "minikube-image-"));
    try {
      // With a reference, minikube copies the image through a cache that it never empties, which takes twice as long.
      const archive = path.join(folder, "image.tar");
      await execa("docker", ["save", "--output", archive, inputs.reference], {
        env: { DOCKER_HOST: inputs.dockerHost, DOCKER_TLS_VERIFY: "" },
      });
      await execa("minikube", ["-p", inputs.profile, "image", "load", archive]);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
    // `minikube image load` succeeds even when no node took the image.
    if (!(await has(inputs))) {
      const { profile, reference } = inputs;
      throw new Error(
        `minikube did not load the image ${reference} into profile "${profile}"; run \`minikube -p ${profile} image load ${reference}\` and \`minikube -p ${profile} logs\` to see why.`,
      );
    }
    return { id: inputs.reference, outs: inputs };
  },
  diff(_, olds, news) {
    const keys = ["profile", "reference", "clusterIdentifier"] as const;
    const replaces = keys.filter((key) => olds[key] !== news[key]);
    // Pods run the old tag until the new one is there; the same tag would be taken away again after it was loaded.
    const deleteBeforeReplace = olds.reference === news.reference;
    return Promise.resolve({ changes: replaces.length > 0, replaces, deleteBeforeReplace });
  },
  async delete(_, args) {
    const { execa } = required();
    // A pod that is ending still holds the image; `minikube image rm` succeeds whether or not it removed it.
    for (let tries = 0; tries < 10; tries++) {
      const remove = ["-p", args.profile, "image", "rm", args.reference];
      const { failed } = await execa("minikube", remove, { reject: false });
      // A cluster that is gone needs no removal.
      if (failed || !(await has(args))) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  },
};

/** Whether the profile lists the image; containerd and CRI-O put Docker Hub's name before one without a registry. */
async function has({ profile, reference }: MinikubeImageArgs): Promise<boolean> {
  const { stdout } = await required().execa("minikube", ["-p", profile, "image", "ls"], { reject: false });
  return stdout.split("\n").some((line) => line === reference || line.endsWith(`/${reference}`));
}

function required(): {
  execa: typeof import("execa");
  fs: typeof import("node:fs");
  os: typeof import("node:os");
  path: typeof import("node:path");
} {
  return {
    execa: require("execa") as typeof import("execa"),
    fs: require("node:fs") as typeof import("node:fs"),
    os: require("node:os") as typeof import("node:os"),
    path: require("node:path") as typeof import("node:path"),
  };
}
/* eslint-enable @typescript-eslint/no-require-imports */

/** An image that a minikube's nodes were given, since they do not run it from the daemon that built it. */
export class MinikubeImage extends pulumi.dynamic.Resource {
  constructor(name: string, args: MinikubeImageArgs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts);
  }
}
