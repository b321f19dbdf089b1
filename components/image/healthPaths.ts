import fs from "node:fs";

import { DockerfileParser, type Label } from "dockerfile-ast";

import { dockerfileOf } from "./buildContext";

/** Paths that answer health checks, as the image's labels name them; without one the port itself is probed. */
export interface HealthPaths {
  /** Label `kubernetes-django.liveness`: the process works. */
  liveness: string | undefined;
  /** Label `kubernetes-django.readiness`: it can serve requests. */
  readiness: string | undefined;
}

/** Reads them off the Dockerfile in the folder of a Django project. */
export function readHealthPaths(folder: string): HealthPaths {
  const labels = DockerfileParser.parse(fs.readFileSync(dockerfileOf(folder), "utf8"))
    .getInstructions()
    .filter((instruction): instruction is Label => instruction.getKeyword() === "LABEL")
    .flatMap((label) => label.getProperties());
  const value = (name: string): string | undefined =>
    labels.findLast((label) => label.getName() === name)?.getValue() ?? undefined;
  return { liveness: value("kubernetes-django.liveness"), readiness: value("kubernetes-django.readiness") };
}
