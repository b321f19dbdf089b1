import * as pulumi from "@pulumi/pulumi";

/** Arguments of `MinikubeImage`. */
export interface MinikubeImageArgs {
  /** Profile whose nodes get the image. */
  profile: string;
  /** Image reference on the Docker daemon that built it; the identity of this resource. */
  reference: string;
  /** Identity of the cluster: one that was made anew does not have the image. */
  clusterIdentifier: string;
  /** Docker daemon that has the image, as for DOCKER_HOST. */
  dockerHost: string;
}

/* eslint-disable @typescript-eslint/no-require-imports -- Pulumi runs these functions in a process of their own,
   so they can use only what they require themselves. */
const provider: pulumi.dynamic.ResourceProvider<MinikubeImageArgs, MinikubeImageArgs> = {
  async create(inputs) {
    const execa = require("execa") as typeof import("execa");
    await execa("minikube", ["-p", inputs.profile, "image", "load", "--daemon", inputs.reference], {
      env: { DOCKER_HOST: inputs.dockerHost },
    });
    return { id: inputs.reference, outs: inputs };
  },
  diff(_, olds, news) {
    const keys = ["profile", "reference", "clusterIdentifier"] as const;
    const replaces = keys.filter((key) => olds[key] !== news[key]);
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  },
  async delete(_, { profile, reference }) {
    const execa = require("execa") as typeof import("execa");
    // A cluster that is gone, or an image that is, needs no removal.
    await execa("minikube", ["-p", profile, "image", "rm", reference], { reject: false });
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** An image that a minikube's nodes were given, since they do not run it from the daemon that built it. */
export class MinikubeImage extends pulumi.dynamic.Resource {
  constructor(name: string, args: MinikubeImageArgs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts);
  }
}
