import assert from "node:assert/strict";

import { databaseImage } from "../../sandbox/images/baseImage";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { local } from "../../sandbox/cluster/kinds";
import { Kubectl, restricted } from "./helpers/kubectl";

const namespace = "database-image";

const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "database", namespace },
  stringData: { password: "of the owner" },
};
const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "database", namespace },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};
const mounts = {
  "/var/lib/postgresql/data": { name: "data", persistentVolumeClaim: { claimName: "database" } },
  "/var/run/postgresql": { name: "run", emptyDir: {} },
  "/tmp": { name: "tmp", emptyDir: {} },
  "/secret": { name: "secret", secret: { secretName: "database", defaultMode: 0o440 } },
};

/** As restricted as the project runs it: no rights, a read-only file system, a user of its own. */
function pod(name: string, user: number): object {
  const { pod: securityContext, container } = restricted(user);
  const env = {
    POSTGRES_USER: "owner",
    POSTGRES_DB: "django",
    POSTGRES_PASSWORD_FILE: "/secret/password",
    PGDATA: `/var/lib/postgresql/data/${name}`,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      securityContext,
      containers: [
        {
          name: "postgres",
          image: databaseImage,
          securityContext: container,
          env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
          volumeMounts: Object.entries(mounts).map(([mountPath, volume]) => ({ mountPath, name: volume.name })),
          // The server that makes the database listens at no address, and ends again.
          startupProbe: {
            exec: { command: ["pg_isready", "--username=owner", "--host=127.0.0.1"] },
            periodSeconds: 1,
            timeoutSeconds: 15,
            failureThreshold: 180,
          },
        },
      ],
      volumes: Object.values(mounts),
    },
  };
}

describe(`the image ${databaseImage}`, () => {
  let kubectl: Kubectl;

  before(async () => {
    await ensureImage(local, databaseImage);
    kubectl = await Kubectl.of(local);
    await kubectl.makeNamespace(namespace);
    await kubectl.apply(secret, claim);
  });
  after(async () => {
    await (kubectl as Kubectl | undefined)?.deleteNamespace(namespace);
  });

  const inside = async (name: string, ...command: string[]): Promise<string> =>
    await kubectl.run(["exec", "--namespace", namespace, name, "--", ...command]);
  const start = async (name: string, user: number): Promise<void> => {
    await kubectl.apply(pod(name, user));
    await kubectl.run(["wait", "--namespace", namespace, "--for=condition=Ready", "--timeout=180s", `pod/${name}`]);
  };
  const query = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command"];
  const asOwner = (password: string, host: string): string[] => [
    "env",
    `PGPASSWORD=${password}`,
    ...query,
    "SELECT current_user || ' of ' || current_database()",
    `postgresql://owner@${host}/django`,
  ];

  it("is there once it was asked for", async () => {
    assert.equal(await ensureImage(local, databaseImage), "present");
  });

  it("makes the user and the database it is told to, in a restricted pod on a volume", async () => {
    await start("first", 999);
    const address = await inside("first", "hostname", "-i");
    assert.equal(await inside("first", ...asOwner("of the owner", address)), "owner of django");
  });

  it("lets nobody in over the network with another password", async () => {
    const address = await inside("first", "hostname", "-i");
    await assert.rejects(inside("first", ...asOwner("of another", address)), /password authentication failed/);
    await assert.rejects(inside("first", ...asOwner("of another", "127.0.0.1")), /password authentication failed/);
  });

  it("starts as it was left when its pod is made anew", async () => {
    const url = "postgresql://owner@/django?host=/var/run/postgresql";
    await inside("first", ...query, "CREATE TABLE kept AS SELECT 42 AS answer", url);
    await kubectl.run(["delete", "pod", "first", "--namespace", namespace]);
    await start("first", 999);
    assert.equal(await inside("first", ...query, "SELECT answer FROM kept", url), "42");
  });

  it("runs as a user that it does not know", async () => {
    await start("second", 12345);
    assert.equal(await inside("second", ...asOwner("of the owner", "127.0.0.1")), "owner of django");
  });
});
