// Config keys of which one decides what another may be.
import type * as pulumi from "@pulumi/pulumi";
import { getConfig } from "@pulumi/pulumi/runtime/config";

import { dnsName, oneOf, optional, quantity } from "./configChecks";
import { Problem } from "../problem";
import { type ConfigReader, databases, type Settings } from "./settings";

/** Whether a key says true. */
export function flag(config: ConfigReader, key: string): boolean {
  return oneOf(key, config.get(key) || undefined, ["true", "false"]) === "true";
}

/** A secret's value, or undefined when it is not set: `config.get` logs a warning, and an Output does not tell. */
function secretOf(config: ConfigReader, key: string): pulumi.Output<string> | undefined {
  return getConfig(`${config.name}:${key}`) ? config.getSecret(key) : undefined;
}

/** Django's SECRET_KEY, which only `debug` can do without. */
export function secretKeyOf(config: ConfigReader): pulumi.Output<string> | undefined {
  const secretKey = secretOf(config, "secretKey");
  if (secretKey === undefined && !flag(config, "debug")) {
    throw new Problem(
      'Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true`.',
    );
  }
  return secretKey;
}

/** Who signs in to the registry. */
export function registryAccess(config: ConfigReader): Pick<Settings, "registryUsername" | "registryPassword"> {
  const registryUsername = config.get("registryUsername") || undefined;
  const registryPassword = secretOf(config, "registryPassword");
  if ((registryUsername === undefined) !== (registryPassword === undefined)) {
    const [missing, command] =
      registryUsername === undefined
        ? ["registryUsername", "pulumi config set registryUsername NAME"]
        : ["registryPassword", "pulumi config set --secret registryPassword"];
    throw new Problem(
      `Config key "${missing}" is not set: a registry's user and password go together; run \`${command}\`, or remove the other one to use what \`docker login\` stored.`,
    );
  }
  return { registryUsername, registryPassword };
}

/** A key that says something of the Ingress, which has to be there. */
export function ofIngress(config: ConfigReader, key: string, example: string): string | undefined {
  const value = optional(config.get(key) || undefined, (each) => dnsName(key, each, example));
  if (value !== undefined && !config.get("ingressHost")) {
    throw new Problem(
      `Config key "${key}" is "${value}", and there is no Ingress without ingressHost; run \`pulumi config set ingressHost django.example.com\`, or \`pulumi config rm ${key}\`.`,
    );
  }
  return value;
}

/** Where the data is. */
export function databaseOf(
  config: ConfigReader,
): Pick<Settings, "database" | "databaseUrl" | "databaseStorage" | "protectData"> {
  const database = oneOf("database", config.get("database") || undefined, databases);
  const databaseUrl = secretOf(config, "databaseUrl");
  if (database === "sqlite" && databaseUrl !== undefined) {
    throw new Problem(
      'Config key "databaseUrl" is set, and "database" is "sqlite", which is a file in the pod; run `pulumi config set database postgres`, or `pulumi config rm databaseUrl`.',
    );
  }
  return {
    database,
    databaseUrl,
    databaseStorage: quantity("databaseStorage", config.get("databaseStorage") || undefined, "1Gi"),
    protectData: flag(config, "protectData"),
  };
}
