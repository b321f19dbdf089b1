import { targets } from "../../components/targets/target";
import type { Place } from "../rollout/kubernetes";
import type { Choice } from "../stack/session";

/** Arguments that lead kubectl to a container of a stack's pods; without a container, to its namespace. */
export function podPlace(
  { target }: Choice,
  { context, namespace }: Place,
  { app }: { app: string | undefined },
): string[] {
  const { kubeconfig } = targets[target];
  const file = kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig];
  const container = app === undefined ? [] : ["--container", app];
  return ["--context", context.name, ...file, "--namespace", namespace, ...container];
}
