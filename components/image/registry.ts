import type * as pulumi from "@pulumi/pulumi";

/** A user of a registry. */
export interface RegistryUser {
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
