import type { ObjectKey } from "./types";

/** The path at which an API server has an object. */
export function objectPath({ apiVersion, kind, metadata: { name, namespace } }: ObjectKey): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${group}${place}/${plural(kind.toLowerCase())}/${name}`;
}

function plural(kind: string): string {
  if (kind.endsWith("y")) {
    return `${kind.slice(0, -1)}ies`;
  }
  return /(s|x|ch)$/.test(kind) ? `${kind}es` : `${kind}s`;
}
