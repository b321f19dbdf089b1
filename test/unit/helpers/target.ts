import type { Target } from "../../../components/targets/resolveTarget";
import { daemonFacts } from "./host";
import { owner } from "./prior";

/** A cluster and a Docker daemon that answered. */
export const target: Target = {
  cluster: { context: "docker-desktop", kubeconfig: undefined, clusterIdentifier: "cluster-1" },
  owner,
  daemon: { host: "unix:///var/run/docker.sock", ...daemonFacts },
  builder: "docker",
  store: { daemonId: daemonFacts.id, loadInto: undefined },
  registry: undefined,
  reach: { urlHost: "localhost" },
  platforms: ["linux/amd64"],
  replicas: 1,
  serviceType: "NodePort",
  servicePort: 8000,
  cpuLimit: undefined,
  imagePullPolicy: "IfNotPresent",
  rolloutTimeoutSeconds: 30,
  podSecurity: "baseline",
  media: undefined,
  keptBeside: { stack: "dev", volumes: [] },
};
