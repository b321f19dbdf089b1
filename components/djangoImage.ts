import * as docker from "@pulumi/docker";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";

import { MinikubeImage, type MinikubeImageArgs } from "./minikubeImage";
import type { Builder } from "./settings";

/** Arguments of `DjangoImage`. */
export interface DjangoImageArgs {
  /** Folder of the Django project, relative to the program: an absolute path would differ between machines. */
  folder: string;
  /** Image reference to build, `<repository>:<content hash>`. */
  reference: string;
  builder: Builder;
  /** Such as linux/amd64. */
  platform: string;
  buildArgs: Record<string, string>;
  /** Identity of the daemon that keeps the image: on another one it is built anew. */
  daemonId: string;
  /** minikube whose nodes do not run images from that daemon and have to be given them. */
  loadInto?: Omit<MinikubeImageArgs, "reference">;
}

/** Builds the image of a Django project on a Docker daemon. */
export class DjangoImage extends pulumi.ComponentResource {
  /** Image reference; known in a preview, and so shown there. */
  public readonly reference: pulumi.Output<string>;

  constructor(name: string, args: DjangoImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:DjangoImage", name, {}, opts);
    const image = build[args.builder](name, args, { parent: this, replacementTrigger: args.daemonId });
    if (args.loadInto) {
      const opts = { parent: this, dependsOn: image };
      new MinikubeImage(`${name}-loaded`, { ...args.loadInto, reference: args.reference }, opts);
    }
    this.reference = pulumi.output(args.reference);
    this.registerOutputs({ reference: this.reference });
  }
}

type Build = (name: string, args: DjangoImageArgs, opts: pulumi.CustomResourceOptions) => pulumi.Resource;

const build: Record<Builder, Build> = {
  docker(name, { folder, reference, platform, buildArgs }, opts) {
    return new docker.Image(
      name,
      {
        imageName: reference,
        build: {
          context: folder,
          dockerfile: `${folder}/Dockerfile`,
          platform,
          args: buildArgs,
          builderVersion: docker.BuilderVersion.BuilderBuildKit,
        },
        // The node runs it from the daemon it was built on.
        skipPush: true,
      },
      opts,
    );
  },

  "docker-build"(name, { folder, reference, platform, buildArgs }, opts) {
    return new dockerBuild.Image(
      name,
      {
        tags: [reference],
        context: { location: folder },
        dockerfile: { location: `${folder}/Dockerfile` },
        platforms: [platform as dockerBuild.Platform],
        buildArgs,
        // Its own client rejects the daemon's BuildKit and boots a container from a registry instead: the docker CLI does not.
        exec: true,
        builder: { name: "default" },
        load: true,
        push: false,
        buildOnPreview: false,
      },
      opts,
    );
  },
};
