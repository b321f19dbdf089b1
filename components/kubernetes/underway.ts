import type { KubeContext } from "../targets/kubeconfig";

const asked = new Set<{ context: KubeContext }>();

/** Runs what asks an API server, and counts it as under way until then. */
export async function countedAsUnderWay<T>(context: KubeContext, ask: () => Promise<T>): Promise<T> {
  const entry = { context };
  asked.add(entry);
  try {
    return await ask();
  } finally {
    asked.delete(entry);
  }
}

/** The context of a request that has no answer yet; undefined while none is under way. */
export function askedContext(): KubeContext | undefined {
  const [first] = asked;
  return first?.context;
}
