import type { Target } from "../../../components/target";
import { daemonFacts } from "./host";

/** A cluster and a Docker daemon that answered. */
export const target: Target = {
  context: "docker-desktop",
  kubeconfig: undefined,
  clusterIdentifier: "cluster-1",
  daemon: { host: "unix:///var/run/docker.sock", ...daemonFacts },
  urlHost: "localhost",
  rolloutTimeoutSeconds: 30,
};
