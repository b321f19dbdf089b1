import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";
import type { PodReferences, SecretFile } from "./podSpec";

/** Declares the Secret with what only the app may read; undefined when there is nothing. */
export function declareSecret(
  name: string,
  { secretKey, databaseUrl }: Record<"secretKey" | "databaseUrl", pulumi.Input<string> | undefined>,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): PodReferences["secret"] {
  const data: Partial<Record<SecretFile, pulumi.Input<string>>> = {
    ...(secretKey === undefined ? {} : { "secret-key": secretKey }),
    ...(databaseUrl === undefined ? {} : { "database-url": databaseUrl }),
  };
  const files = Object.keys(data) as SecretFile[];
  if (files.length === 0) {
    return undefined;
  }
  // Without a fixed name a new value makes a new Secret, and the pods' reference to it rolls them.
  const secret = new Secret(
    `${name}-secret`,
    { metadata: metadata({}), immutable: true, stringData: data as Record<string, pulumi.Input<string>> },
    opts,
  );
  return { name: secret.metadata.name, files };
}
