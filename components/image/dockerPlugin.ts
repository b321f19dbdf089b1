// The parts of the docker provider that the program uses. With its SDK in node_modules, Pulumi would search for the plugin
// at each run, for three seconds where it cannot be had; without, only for a stack that uses it.
import * as pulumi from "@pulumi/pulumi";

import { dockerPluginVersion } from "./dockerPluginVersion";

const version = dockerPluginVersion;

/** Arguments of `DockerProvider`. */
export interface DockerProviderArgs {
  /** Address of the daemon, as for DOCKER_HOST. */
  host: string;
  /** Folder with the certificates for it. @default no TLS */
  certPath?: string;
  /** Whether the daemon is not asked whether it is there. */
  disableDockerDaemonCheck: boolean;
}

/** @see https://www.pulumi.com/registry/packages/docker/api-docs/provider/ */
export class DockerProvider extends pulumi.ProviderResource {
  constructor(name: string, { disableDockerDaemonCheck, ...args }: DockerProviderArgs) {
    // Providers get what is no text as JSON.
    const inputs = { ...args, disableDockerDaemonCheck: JSON.stringify(disableDockerDaemonCheck) };
    super("docker", name, inputs, { version });
  }
}

/** Arguments of `DockerImage`. */
export interface DockerImageArgs {
  /** Reference of the image, with its tag. */
  imageName: string;
  build: {
    context: string;
    dockerfile: string;
    platform: string;
    args: Record<string, string>;
    builderVersion: "BuilderBuildKit";
  };
  /** Whether it stays on the daemon. @default false */
  skipPush?: boolean;
  /** Where it is pushed. @default the registry that its name names, with what `docker login` stored */
  registry?: { server: string; username?: pulumi.Input<string>; password?: pulumi.Input<string> };
}

/** @see https://www.pulumi.com/registry/packages/docker/api-docs/image/ */
export class DockerImage extends pulumi.CustomResource {
  /** `<repository>@sha256:...` of the image in the registry. */
  declare readonly repoDigest: pulumi.Output<string>;

  constructor(name: string, args: DockerImageArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { buildOnPreview: false, skipPush: false, ...args, repoDigest: undefined };
    super("docker:index/image:Image", name, inputs, { ...opts, version });
  }
}
