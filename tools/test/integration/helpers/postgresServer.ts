import { randomBytes } from "node:crypto";

import { databaseImage } from "../../../sandbox/images/baseImage";
import { type Kubectl, restricted } from "./kubectl";

/** Starts a Postgres in a namespace of its own, as one that is there already. Returns its URL. */
export async function startPostgres(kubectl: Kubectl, namespace: string, nodeName: string): Promise<string> {
  const password = randomBytes(12).toString("hex");
  const labels = { app: "postgres" };
  const user = restricted(999);
  const env = Object.entries({ POSTGRES_USER: "django", POSTGRES_DB: "django", POSTGRES_PASSWORD: password });
  const folders = { data: "/var/lib/postgresql/data", run: "/var/run/postgresql", tmp: "/tmp" };
  await kubectl.makeNamespace(namespace);
  await kubectl.apply(
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "postgres", namespace, labels },
      spec: {
        nodeName,
        securityContext: user.pod,
        containers: [
          {
            name: "postgres",
            image: databaseImage,
            env: [...env.map(([name, value]) => ({ name, value })), { name: "PGDATA", value: `${folders.data}/own` }],
            securityContext: user.container,
            // The server that makes the database listens at no address, and ends again.
            startupProbe: {
              exec: { command: ["pg_isready", "--username", "django", "--host", "127.0.0.1"] },
              periodSeconds: 1,
              timeoutSeconds: 15,
              failureThreshold: 180,
            },
            volumeMounts: Object.entries(folders).map(([name, mountPath]) => ({ name, mountPath })),
          },
        ],
        volumes: Object.keys(folders).map((name) => ({ name, emptyDir: {} })),
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "postgres", namespace },
      spec: { selector: labels, ports: [{ port: 5432 }] },
    },
  );
  await kubectl.run(["wait", "pod/postgres", "--namespace", namespace, "--for=condition=Ready", "--timeout=180s"]);
  const ask = ["get", "service/postgres", "--namespace", namespace, "--output", "jsonpath={.spec.clusterIP}"];
  return `postgres://django:${password}@${await kubectl.run(ask)}:5432/django`;
}
