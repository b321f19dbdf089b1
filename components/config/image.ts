import type * as pulumi from "@pulumi/pulumi";

import { Problem } from "../problem";
import { listOf, matching, oneOf, textMap } from "./checks";
import { type ConfigReader, optional, type PlainConfig, required, secret, textOf } from "./reader";
import { isFilled, secretMap } from "./secretMap";

export const builders = ["docker", "docker-build"] as const;
export type Builder = (typeof builders)[number];

/** `auto` is the builder that works with the Docker daemon. */
export const builderChoices = ["auto", ...builders] as const;
export type BuilderChoice = (typeof builderChoices)[number];

const platformPattern = /^linux\/[a-z0-9]+(\/v[0-9]+)?$/;
const repositoryPattern =
  /^([a-z0-9.-]+(:[0-9]+)?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;
/** The docker CLI takes a secret's name as a part of a list with commas. */
const secretNamePattern = /^[A-Za-z0-9_.-]+$/;

/** How the image is built. The tools read this, too. */
export function readBuild(config: PlainConfig) {
  return {
    /** Pulumi provider that builds the image. */
    builder: readBuilder(config),
    /** Build arguments of the Dockerfile. */
    buildArgs: readBuildArgs(config),
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

function readBuilder(config: PlainConfig): BuilderChoice {
  return forSecrets(required(config, "builder", oneOf(builderChoices)), config);
}

/** What is left to choose of the builders: only docker-build passes secrets to a build, whatever the daemon can do. */
export function forSecrets(choice: BuilderChoice, config: PlainConfig): BuilderChoice {
  return choice === "auto" && hasBuildSecrets(config) ? "docker-build" : choice;
}

function readBuildArgs(config: PlainConfig): Record<string, string> {
  if (config.holdsSecret("buildArgs")) {
    throw new Problem(
      'Config key "buildArgs" has an encrypted value, which a build argument would publish: the image\'s history shows it',
      "run `pulumi config rm --path buildArgs.NAME` and `pulumi config set --secret --path buildSecrets.NAME VALUE`, and read it in the Dockerfile with `RUN --mount=type=secret,id=NAME`",
    );
  }
  return textMap("buildArgs", textOf(config, "buildArgs"), "--path buildArgs.PYTHON_VERSION 3.13");
}

/** Whether the image is built with secrets. The tools ask this, too, which cannot decrypt them. */
export const hasBuildSecrets = (config: PlainConfig): boolean => isFilled(config, "buildSecrets");

/** From the project's folder to an image reference. */
export function readImage(config: ConfigReader) {
  const before = {
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
  return {
    ...before,
    /** Secrets that the Dockerfile may mount while it is built, by their ids. */
    buildSecrets: readBuildSecrets(config, before.builder),
  };
}

export type ImageSettings = ReturnType<typeof readImage>;

function readBuildSecrets(config: ConfigReader, builder: BuilderChoice): Record<string, pulumi.Output<string>> {
  const secrets = secretMap(config, "buildSecrets", { names: secretNamePattern });
  if (builder === "docker" && Object.keys(secrets).length > 0) {
    throw new Problem(
      `Config key "buildSecrets" is set, and "builder" is "${builder}", which passes no secrets to a build`,
      "run `pulumi config rm builder`, or `pulumi config rm buildSecrets`",
    );
  }
  return secrets;
}

/** The user of the registry; both undefined for what the Docker credential store has. */
function readRegistryUser(config: ConfigReader) {
  const registryUsername = textOf(config, "registryUsername");
  const registryPassword = secret(config, "registryPassword", "registryPassword");
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
