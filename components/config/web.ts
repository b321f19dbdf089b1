import type * as pulumi from "@pulumi/pulumi";

import { Problem } from "../problem";
import { flag, wholeNumber } from "./checks";
import { bytes, cpu, refuseAboveLimit } from "./quantity";
import { type ConfigReader, optional, required, secret } from "./reader";

/** How the web process runs. */
export function readWeb(config: ConfigReader) {
  const debug = required(config, "debug", flag);
  const settings = {
    /** Django's DEBUG, and its development server instead of gunicorn. */
    debug,
    /** Django's SECRET_KEY; undefined only with debug on. */
    secretKey: readSecretKey(config, debug),
    /** Number of pods; undefined for the target's own. */
    replicas: optional(config, "replicas", wholeNumber({ from: 0, to: 1000, example: 1 })),
    /** Number of pods up to which the use of CPU may scale; undefined for a fixed number. */
    maxReplicas: optional(config, "maxReplicas", wholeNumber({ from: 1, to: 1000, example: 10 })),
    /** Percent of `cpuRequest` that pods use on average before there are more. */
    cpuTargetPercent: required(config, "cpuTargetPercent", wholeNumber({ from: 1, to: 1000, example: 80 })),
    cpuRequest: required(config, "cpuRequest", cpu("100m")),
    /** Undefined for the target's own, which may be none. */
    cpuLimit: optional(config, "cpuLimit", cpu("1")),
    memoryRequest: required(config, "memoryRequest", bytes("128Mi")),
    memoryLimit: required(config, "memoryLimit", bytes("512Mi")),
    /** Seconds that a rollout may take; undefined for the target's own. */
    rolloutTimeoutSeconds: optional(config, "rolloutTimeoutSeconds", wholeNumber({ from: 5, to: 3600, example: 60 })),
  };
  refuseAboveLimit(["memoryRequest", settings.memoryRequest], ["memoryLimit", settings.memoryLimit]);
  return settings;
}

export type WebSettings = ReturnType<typeof readWeb>;

function readSecretKey(config: ConfigReader, debug: boolean): pulumi.Output<string> | undefined {
  const secretKey = secret(config, "secretKey", 'secretKey "$(openssl rand -base64 48)"');
  if (secretKey === undefined && !debug) {
    throw new Problem(
      'Config key "secretKey" is not set: with debug off Django needs one',
      'run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true`',
    );
  }
  return secretKey;
}
