import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";

import { DockerImage, type DockerImageArgs } from "./dockerPlugin";
import { MinikubeImage, type MinikubeImageArgs } from "./minikubeImage";
import type { Project } from "./project";
import type { RegistryUser } from "./registry";
import type { Builder, ImageSettings } from "../config/image";

/** Arguments of `DjangoImage`. */
export interface DjangoImageArgs {
  /** Folder of the Django project, relative to the program: an absolute path would differ between machines. */
  folder: string;
  /** Path of the Dockerfile, relative to the program as the folder is. */
  dockerfile: string;
  /** Stage of the Dockerfile; undefined for the last. */
  stage: string | undefined;
  /** `<repository>:<content hash>` */
  name: string;
  builder: Builder;
  /** Such as linux/amd64; several only for a registry, with builder docker-build. */
  platforms: string[];
  buildArgs: Record<string, string>;
  /** Secrets that the Dockerfile may mount, by their ids; only with builder docker-build. */
  buildSecrets: Record<string, pulumi.Input<string>>;
  /** Where the image is kept. */
  store: DaemonStore | RegistryStore;
}

/** What a project's image is built with. */
export function imageArgs(
  settings: ImageSettings,
  target: Pick<DjangoImageArgs, "builder" | "platforms" | "store">,
  { folder, dockerfile, stage, hash }: Project,
): DjangoImageArgs {
  return {
    folder,
    dockerfile,
    stage,
    name: `${settings.imageRepository}:${hash}`,
    builder: target.builder,
    buildArgs: settings.buildArgs,
    buildSecrets: settings.buildSecrets,
    platforms: target.platforms,
    store: target.store,
  };
}

/** The Docker daemon that builds the image, from which the nodes run it. */
export interface DaemonStore {
  /** Identity of the daemon: another one builds the image again. */
  daemonId: string;
  /** minikube whose nodes do not run images from that daemon and have to be given them. */
  loadInto: Omit<MinikubeImageArgs, "reference"> | undefined;
}

/** The registry that the repository names, from which the nodes pull it. */
export interface RegistryStore {
  /** Such as registry.example.com:5000. */
  address: string;
  /** Undefined for what the Docker credential store has. */
  user: RegistryUser | undefined;
  /** Whether the daemon keeps images in containerd's store, and so can keep its build cache in the registry. */
  keepsCache: boolean;
}

/** Builds the image of a Django project on a Docker daemon, and pushes it where nodes have to pull it. */
export class DjangoImage extends pulumi.ComponentResource {
  /** Image reference that nodes can run: its name, known in a preview and shown there; with the digest once pushed. */
  public readonly reference: pulumi.Output<string>;

  constructor(name: string, args: DjangoImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:DjangoImage", name, {}, opts);
    const { store } = args;
    if ("daemonId" in store) {
      const image = build[args.builder](name, args, { parent: this, replacementTrigger: store.daemonId });
      if (store.loadInto) {
        const opts = { parent: this, dependsOn: image.resource };
        new MinikubeImage(`${name}-loaded`, { ...store.loadInto, reference: args.name }, opts);
      }
      this.reference = pulumi.output(args.name);
    } else {
      const { digest } = build[args.builder](name, args, { parent: this });
      this.reference = pulumi.interpolate`${args.name}@${digest}`;
    }
    this.registerOutputs({ reference: this.reference });
  }
}

interface Built {
  resource: pulumi.Resource;
  /** `sha256:...` of the image in the registry. */
  digest: pulumi.Output<string>;
}

type Build = (name: string, args: DjangoImageArgs, opts: pulumi.CustomResourceOptions) => Built;

const build: Record<Builder, Build> = {
  docker(resourceName, { folder, dockerfile, stage, name, platforms, buildArgs, store }, opts) {
    const resource = new DockerImage(
      resourceName,
      {
        imageName: name,
        build: {
          context: folder,
          dockerfile,
          ...(stage === undefined ? {} : { target: stage }),
          platform: platforms.join(","),
          args: buildArgs,
          builderVersion: "BuilderBuildKit",
        },
        ...("daemonId" in store ? { skipPush: true } : registryArgs(store)),
      },
      // The provider deletes nothing, yet connects to the daemon, which may be gone or have another port.
      { ...opts, retainOnDelete: true },
    );
    return { resource, digest: resource.repoDigest.apply((reference) => reference.split("@").at(-1) ?? "") };
  },

  "docker-build"(resourceName, { folder, dockerfile, stage, name, platforms, buildArgs, buildSecrets, store }, opts) {
    const resource = new dockerBuild.Image(
      resourceName,
      {
        tags: [name],
        context: { location: folder },
        dockerfile: { location: dockerfile },
        ...(stage === undefined ? {} : { target: stage }),
        platforms: platforms as dockerBuild.Platform[],
        buildArgs,
        ...(Object.keys(buildSecrets).length === 0 ? {} : { secrets: buildSecrets }),
        // Its own client rejects the daemon's BuildKit and boots a container from a registry instead: the docker CLI does not.
        exec: true,
        builder: { name: "default" },
        buildOnPreview: false,
        ...("daemonId" in store ? { load: true, push: false } : pushed(name, store)),
      },
      opts,
    );
    return { resource, digest: resource.digest };
  },
};

/** The server always: the provider cannot read it off the name of an image on Docker Hub. */
function registryArgs({ address: server, user }: RegistryStore): Pick<DockerImageArgs, "registry"> {
  return { registry: { server, ...(user && { username: user.username, password: user.password }) } };
}

function pushed(
  name: string,
  { user, keepsCache }: RegistryStore,
): Pick<dockerBuild.ImageArgs, "load" | "push" | "registries" | "cacheFrom" | "cacheTo"> {
  const cache = `${name.slice(0, name.lastIndexOf(":"))}:build-cache`;
  return {
    load: false,
    push: true,
    ...(user && { registries: [user] }),
    ...(keepsCache
      ? {
          cacheFrom: [{ registry: { ref: cache } }],
          cacheTo: [
            { registry: { ref: cache, mode: dockerBuild.CacheMode.Max, ociMediaTypes: true, imageManifest: true } },
          ],
        }
      : {}),
  };
}
