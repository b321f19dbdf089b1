import { urlPath } from "../config/checks";
import { Problem } from "../problem";
import { expand, UnsetVariable } from "./dockerfileWords";
import type { ImageConfig } from "./imageConfig";

/** Paths that answer health checks, as the image's labels name them; without one the port itself is probed. */
export interface HealthLabels {
  /** Label `kubernetes-django.liveness`: the process works. */
  liveness: string | undefined;
  /** Label `kubernetes-django.readiness`: it can serve requests. */
  readiness: string | undefined;
}

/**
 * Reads the paths off the config of an image.
 *
 * @param file the Dockerfile, for messages
 * @throws a `Problem` for a label that is no path
 */
export function healthLabelsOf({ labels, escape }: ImageConfig, file: string): HealthLabels {
  const path = (name: string): string | undefined => {
    const { written = "", variables = new Map<string, string>() } = labels.get(name) ?? {};
    try {
      const value = expand(written, variables, escape);
      if (value !== "" && !urlPath.test(value)) {
        throw new Problem(`Label ${name} in ${file} is "${value}": allowed is the path of a URL`, "begin it with a /");
      }
      return value || undefined;
    } catch (error) {
      if (error instanceof UnsetVariable) {
        throw new Problem(
          `Label ${name} in ${file} is ${written}, and ${error.variable} has no value there`,
          `set it before the label with \`ARG ${error.variable}=/healthz\`, or write the path itself`,
        );
      }
      throw error;
    }
  };
  return { liveness: path("kubernetes-django.liveness"), readiness: path("kubernetes-django.readiness") };
}
