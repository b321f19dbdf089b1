import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";

/** Who signs in to a registry. */
export interface RegistryAccess {
  /** Such as registry.example.com:5000; for Docker Hub the address under which its credentials are kept. */
  address: string;
  username: string;
  password: pulumi.Input<string>;
}

/** Under this name Docker and Kubernetes keep the credentials of the registry that an image without a host is from. */
const dockerHub = "https://index.docker.io/v1/";

/** The registry of an image repository: its first part, if that looks like a host. */
export function registryOf(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : dockerHub;
}

/** The Secret with which nodes pull from a registry. Returns its name. */
export function pullSecret(
  name: string,
  { address, username, password }: RegistryAccess,
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
