import assert from "node:assert/strict";

import { deploy, podOf } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";

describe("The pod of Postgres", () => {
  ownEnvironment();

  it("is restricted, probed and limited, and gets its password as a file", async () => {
    const answers = { exec: { command: ["pg_isready", "--username", "django", "--host", "127.0.0.1"] } };
    const setPassword = `for _ in $(seq 1500); do
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host /var/run/postgresql --username django --dbname django <<'SQL' && exit
\\set password \`cat /run/secrets/postgres/password\`
ALTER USER django PASSWORD :'password';
SQL
  sleep 0.2
done
exit 1`;
    const probe = (more: object): object => ({ ...answers, timeoutSeconds: 15, ...more });
    assert.deepEqual(podOf(await deploy({ database: "postgres" }), "kubernetes:apps/v1:StatefulSet"), {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        seccompProfile: { type: "RuntimeDefault" },
      },
      terminationGracePeriodSeconds: 60,
      containers: [
        {
          name: "postgres",
          image: "postgres:17",
          imagePullPolicy: "IfNotPresent",
          // Beside a folder `lost+found`, and in that of an upgrade where there is one.
          command: [
            "/bin/sh",
            "-c",
            `if touch /var/lib/postgresql/data/.server.lock; then
  exec 9>>/var/lib/postgresql/data/.server.lock
  flock --nonblock --conflict-exit-code 75 9
  if [ $? -eq 75 ]; then echo "another server has the data of this volume: waiting until it ends" >&2; flock 9; fi
fi
export PGDATA=/var/lib/postgresql/data/pgdata
if [ -d /var/lib/postgresql/data/pgdata-17 ]; then PGDATA=/var/lib/postgresql/data/pgdata-17; fi
exec docker-entrypoint.sh postgres`,
          ],
          ports: [{ name: "postgres", containerPort: 5432 }],
          env: [
            { name: "POSTGRES_USER", value: "django" },
            { name: "POSTGRES_DB", value: "django" },
            { name: "POSTGRES_PASSWORD_FILE", value: "/run/secrets/postgres/password" },
          ],
          lifecycle: { postStart: { exec: { command: ["sh", "-c", setPassword] } } },
          startupProbe: probe({ periodSeconds: 1, failureThreshold: 300 }),
          readinessProbe: probe({ periodSeconds: 5, failureThreshold: 60 }),
          livenessProbe: probe({ periodSeconds: 10, failureThreshold: 6 }),
          resources: {
            requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
            limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          terminationMessagePolicy: "FallbackToLogsOnError",
          volumeMounts: [
            { name: "data", mountPath: "/var/lib/postgresql/data" },
            { name: "run", mountPath: "/var/run/postgresql" },
            { name: "tmp", mountPath: "/tmp" },
            { name: "secret", mountPath: "/run/secrets/postgres", readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "web-database" } },
        { name: "run", emptyDir: {} },
        { name: "tmp", emptyDir: {} },
        { name: "secret", secret: { secretName: "web-database-password-1a2b3c4d", defaultMode: 0o440 } },
      ],
    });
  });
});
