import type * as pulumi from "@pulumi/pulumi";

import type { DjangoImage } from "../image/djangoImage";
import type { DjangoApp } from "./djangoApp";

/** What a stack tells of its app. Pulumi warns of an output that is undefined, so none is. */
export function outputsOf(app: DjangoApp, image: DjangoImage): Record<string, pulumi.Output<unknown>> {
  const { url, processUrls, openCommand, nodePort, namespace, deployment, service } = app;
  const ways = { url, processUrls, openCommand, nodePort };
  const known = Object.entries(ways).flatMap(([key, way]) => (way === undefined ? [] : [[key, way] as const]));
  return { ...Object.fromEntries(known), image: image.reference, namespace, deployment, service };
}
