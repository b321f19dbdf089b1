import type { KubeContext } from "../../../components/targets/kubeconfig";

/** A kube context called dev, without anything to sign in with. */
export const contextOf = (server: string, more: Partial<KubeContext> = {}): KubeContext => ({
  name: "dev",
  server,
  ca: undefined,
  skipTlsVerify: false,
  client: undefined,
  ...more,
});
