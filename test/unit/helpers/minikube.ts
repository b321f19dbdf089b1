import type { CommandResult } from "../../../components/targets/commandRunner";

/** The lines of what minikube is asked. */
export const minikubeLines = {
  list: "minikube -p minikube profile list -o json",
  dockerEnv: "minikube -p minikube docker-env --shell none -o json",
  ip: "minikube -p minikube ip",
};

/** What a test varies of a profile. */
export interface ListedProfile {
  name?: string;
  status?: string;
  driver?: string;
  runtime?: string;
  nodes?: number;
  ports?: string[];
  /** Of the node, or the first of several. */
  address?: string;
  apiServerPort?: number;
}

/** What `minikube profile list -o json` says. */
export function profileList(...profiles: ListedProfile[]): string {
  const valid = profiles.map(({ name = "minikube", status = "OK", driver = "docker", ...more }) => {
    const { runtime = "docker", nodes = 1, ports = [], address, apiServerPort: Port = 8443 } = more;
    return {
      Name: name,
      Status: status,
      Config: {
        Name: name,
        Driver: driver,
        KubernetesConfig: { KubernetesVersion: "v1.34.0", ContainerRuntime: runtime },
        Nodes: Array.from({ length: nodes }, (_, index) => ({ IP: address ?? `192.168.49.${2 + index}`, Port })),
        ExposedPorts: ports,
      },
    };
  });
  return JSON.stringify({ invalid: [], valid });
}

/** Answers of a minikube that runs, with its Docker daemon's certificates in a folder if it has any. */
export function minikubeCommands(
  profile: ListedProfile = {},
  certPath?: string,
): Record<string, Partial<CommandResult>> {
  const variables = {
    DOCKER_TLS_VERIFY: "1",
    DOCKER_HOST: "tcp://192.168.49.2:2376",
    ...(certPath === undefined ? {} : { DOCKER_CERT_PATH: certPath }),
    MINIKUBE_ACTIVE_DOCKERD: "minikube",
  };
  return {
    [minikubeLines.list]: { stdout: profileList(profile) },
    [minikubeLines.dockerEnv]: { stdout: JSON.stringify(variables) },
    [minikubeLines.ip]: { stdout: "192.168.49.2\n" },
  };
}
