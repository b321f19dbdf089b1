import fs from "node:fs";
import path from "node:path";

import { clusterFiles, isolated } from "../../../sandbox/cluster/kinds";

export interface FakeMinikube {
  /** Folder to put before PATH. */
  folder: string;
  /** What was asked so far, a line each. */
  asked: () => string[];
  /** Replaces what `profile list` says of the one profile; undefined for none. */
  say: (
    profile: { name?: string; runtime?: string; status?: string; apiServer?: [string, number] } | undefined,
  ) => void;
  /** Replaces what it does when asked for this by a shell script; undefined for what it did before. */
  answer: (command: "profile list" | "docker-env" | "ip", script: string | undefined) => void;
}

/** A `minikube` on PATH that answers for the isolated cluster in the real one's formats, and really loads images. */
export function installFakeMinikube(folder: string, dockerCerts = clusterFiles(isolated).dockerCerts): FakeMinikube {
  const bin = path.join(folder, "minikube-bin");
  const log = path.join(folder, "minikube.log");
  const profile = path.join(folder, "profile.json");
  const { dockerSocket } = clusterFiles(isolated);
  const variables = {
    DOCKER_CERT_PATH: dockerCerts,
    DOCKER_HOST: "tcp://192.168.49.2:2376",
    DOCKER_TLS_VERIFY: "1",
    MINIKUBE_ACTIVE_DOCKERD: "minikube",
    SSH_AGENT_PID: "",
    SSH_AUTH_SOCK: "",
  };
  fs.mkdirSync(bin);
  fs.writeFileSync(log, "");
  fs.writeFileSync(
    path.join(bin, "minikube"),
    `#!/bin/sh
echo "$*" >>${log}
# As the real one: a DOCKER_HOST that is its own hides the node, unless the shell is known to be set to it.
case "$DOCKER_HOST $MINIKUBE_ACTIVE_DOCKERD" in
  "tcp://192.168.49.2:2376 ") echo "false exit code 80"; exit 80 ;;
esac
if [ -f "${bin}/../answer-$3" ]; then . "${bin}/../answer-$3"; exit; fi
case "$3 $4" in
  "profile list") cat ${profile} ;;
  "docker-env --shell") echo '${JSON.stringify(variables)}' ;;
  "ip ") echo 192.168.49.2 ;;
  "image load") docker --host unix://${dockerSocket} load --input "$5" ;;
  "image ls") docker --host unix://${dockerSocket} image ls --format 'docker.io/library/{{.Repository}}:{{.Tag}}' ;;
  "image rm") docker --host unix://${dockerSocket} image rm --force "$5" ;;
  *) echo "unknown command: $*" >&2; exit 64 ;;
esac
`,
    { mode: 0o755 },
  );
  const say: FakeMinikube["say"] = (said) => {
    const { name = "minikube", runtime = "docker", status = "OK", apiServer = ["192.168.49.2", 8443] } = said ?? {};
    const [IP, Port] = apiServer;
    const valid = {
      Name: name,
      Status: status,
      Config: {
        Driver: "docker",
        KubernetesConfig: { ContainerRuntime: runtime },
        Nodes: [{ IP, Port, ControlPlane: true, Worker: true }],
        ExposedPorts: [],
      },
    };
    fs.writeFileSync(profile, JSON.stringify({ invalid: [], valid: said === undefined ? [] : [valid] }));
  };
  say({});
  const answer: FakeMinikube["answer"] = (command, script) => {
    const file = path.join(folder, `answer-${command.split(" ")[0] ?? ""}`);
    if (script === undefined) {
      fs.rmSync(file, { force: true });
    } else {
      fs.writeFileSync(file, script);
    }
  };
  return { folder: bin, asked: () => fs.readFileSync(log, "utf8").trimEnd().split("\n"), say, answer };
}
