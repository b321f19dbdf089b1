import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";
import type { RegistryUser } from "../image/registry";

/** The Secret with which nodes pull from a registry. Returns its name. */
export function pullSecret(
  name: string,
  { address, username, password }: RegistryUser,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const config = pulumi.secret(password).apply((plain) => {
    const auth = Buffer.from(`${username}:${plain}`).toString("base64");
    return JSON.stringify({ auths: { [address]: { username, password: plain, auth } } });
  });
  // Without a fixed name a new password makes a new Secret, and the old one is there until no pod needs it.
  const secret = new Secret(
    `${name}-registry`,
    {
      metadata: metadata({}),
      type: "kubernetes.io/dockerconfigjson",
      immutable: true,
      stringData: { ".dockerconfigjson": config },
    },
    opts,
  );
  return secret.metadata.name;
}
