import { Problem } from "../problem";
import { listOf, matching, oneOf, textMap } from "./checks";
import { type ConfigReader, optional, type PlainConfig, required, secret, textOf } from "./reader";

export const builders = ["docker", "docker-build"] as const;
export type Builder = (typeof builders)[number];

/** `auto` is the builder that works with the Docker daemon. */
export const builderChoices = ["auto", ...builders] as const;
export type BuilderChoice = (typeof builderChoices)[number];

const platformPattern = /^linux\/[a-z0-9]+(\/v[0-9]+)?$/;
const repositoryPattern =
  /^([a-z0-9.-]+(:[0-9]+)?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;

/** How the image is built. The tools read this, too. */
export function readBuild(config: PlainConfig) {
  return {
    /** Pulumi provider that builds the image. */
    builder: required(config, "builder", oneOf(builderChoices)),
    /** Build arguments of the Dockerfile. */
    buildArgs: textMap(
      "buildArgs",
      () => textOf(config, "buildArgs"),
      () => config.getObject("buildArgs"),
      "--path buildArgs.PYTHON_VERSION 3.13",
    ),
    /** Such as linux/arm64, or several with commas between; undefined for the target's own. */
    platform: optional(
      config,
      "platform",
      listOf(platformPattern, {
        allowed: "linux/<architecture>, such as linux/amd64 or linux/arm64, or several with commas between",
        example: "linux/amd64",
      }),
    ),
  };
}

export type BuildSettings = ReturnType<typeof readBuild>;

/** From the project's folder to an image reference. */
export function readImage(config: ConfigReader) {
  return {
    /** Repository part of the image reference, without a tag. */
    imageRepository: required(
      config,
      "imageRepository",
      matching(repositoryPattern, {
        allowed: "an image repository without a tag, in lower case",
        example: "kubernetes-django",
      }),
    ),
    ...readRegistryUser(config),
    ...readBuild(config),
  };
}

export type ImageSettings = ReturnType<typeof readImage>;

/** The user of the registry; both undefined for what the Docker credential store has. */
function readRegistryUser(config: ConfigReader) {
  const registryUsername = textOf(config, "registryUsername");
  const registryPassword = secret(config, "registryPassword");
  if ((registryUsername === undefined) !== (registryPassword === undefined)) {
    const [missing, command] =
      registryUsername === undefined
        ? ["registryUsername", "pulumi config set registryUsername NAME"]
        : ["registryPassword", "pulumi config set --secret registryPassword"];
    throw new Problem(
      `Config key "${missing}" is not set: a registry's user and password go together`,
      `run \`${command}\`, or remove the other one to use what \`docker login\` stored`,
    );
  }
  return { registryUsername, registryPassword };
}
