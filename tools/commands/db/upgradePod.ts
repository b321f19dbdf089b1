import { hardenedContainer, hardenedPod } from "../../../components/app/hardening";
import { appName } from "../../../components/app/objectMeta";
import { dataScript, postgresFolder } from "../../../components/app/postgresData";
import { postgresImageOf } from "../../../components/app/postgresImage";

/** Seconds after which the cluster ends the pod of a command that was killed. */
const longestSeconds = 6 * 3600;
/** The image's user. */
const userId = 999;

export const upgradePodName = `${appName}-upgrade`;

/**
 * A pod that has a database's volume, its old server, and the programs of a new one.
 *
 * @param volume name of its claim
 */
export function upgradePod(volume: string, present: number, wanted: number): object {
  const serve = `${dataScript(present)}mkdir -p /sockets/old
exec docker-entrypoint.sh postgres -c listen_addresses= -c unix_socket_directories=/sockets/old`;
  const wait = `mkdir -p /sockets/new
exec sleep ${longestSeconds}`;
  const container = (name: string, major: number, script: string): object => ({
    name,
    image: postgresImageOf(major),
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/sh", "-c", script],
    resources: {
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
      limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
    },
    ...hardenedContainer("restricted"),
    volumeMounts: [
      { name: "data", mountPath: postgresFolder },
      { name: "sockets", mountPath: "/sockets" },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  });
  const answers = { exec: { command: ["pg_isready", "--host", "/sockets/old", "--username", "django"] } };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: upgradePodName, labels: { app: "django-upgrade", "app.kubernetes.io/managed-by": appName } },
    spec: {
      ...hardenedPod({ podSecurity: "restricted", userId, userGroupId: userId, groupId: userId }),
      restartPolicy: "Never",
      activeDeadlineSeconds: longestSeconds,
      terminationGracePeriodSeconds: 60,
      containers: [
        { ...container("old", present, serve), readinessProbe: { ...answers, periodSeconds: 1 } },
        container("new", wanted, wait),
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: volume } },
        ...["sockets", "run", "tmp"].map((name) => ({ name, emptyDir: {} })),
      ],
    },
  };
}
