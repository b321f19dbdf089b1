import assert from "node:assert/strict";

import { web } from "../../../../app/role";
import type { Pod } from "../../../../rollout/kubernetes";
import { runOf, runsAppImage } from "../../../../rollout/needs/run";

const pod = (spec: object): Pod =>
  ({ metadata: { name: "web-1", uid: "1", creationTimestamp: "" }, spec, status: {} }) as unknown as Pod;
const container = { name: "django-web", image: "shop:abc" };

describe("How a pod runs", () => {
  it("is what its spec says", () => {
    const spec = {
      securityContext: { runAsNonRoot: true, runAsUser: 1000 },
      containers: [
        {
          ...container,
          args: ["gunicorn", "shop.wsgi"],
          ports: [{ containerPort: 80 }],
          securityContext: { readOnlyRootFilesystem: true },
          env: [
            { name: "SQL_HOST", value: "db" },
            { name: "PGHOST", valueFrom: {} },
          ],
          volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            { name: "writable-0", mountPath: "/app/media" },
          ],
        },
      ],
    };
    assert.deepEqual(runOf(pod(spec)), {
      image: "shop:abc",
      role: web,
      releases: "no",
      isNonRoot: true,
      isReadOnly: true,
      userId: 1000,
      writablePaths: ["/app/media"],
      volumes: ["/tmp", "/app/media"],
      port: 80,
      args: ["gunicorn", "shop.wsgi"],
      variables: new Map([
        ["SQL_HOST", "db"],
        ["PGHOST", undefined],
      ]),
    });
  });

  it("is as `docker run` runs it where the spec says nothing", () => {
    assert.deepEqual(runOf(pod({ containers: [container] })), {
      image: "shop:abc",
      role: web,
      releases: "no",
      isNonRoot: false,
      isReadOnly: false,
      userId: undefined,
      writablePaths: [],
      volumes: [],
      port: 8000,
      args: undefined,
      variables: new Map(),
    });
  });

  it("has a release command alone in a pod that ends, and before the process of one that has a command", () => {
    const alone = runOf(pod({ restartPolicy: "Never", containers: [{ ...container, args: ["migrate"] }] }));
    assert.deepEqual([alone?.releases, alone?.args], ["alone", undefined]);
    const script = ["/bin/sh", "-c", 'migrate && exec "$@"', "release"];
    const first = runOf(pod({ containers: [{ ...container, command: script, args: ["gunicorn"] }] }));
    assert.deepEqual([first?.releases, first?.args], ["first", undefined]);
    const byEntrypoint = runOf(pod({ containers: [{ ...container, args: [...script, "gunicorn"] }] }));
    assert.deepEqual([byEntrypoint?.releases, byEntrypoint?.args], ["first", ["gunicorn"]]);
  });

  it("is nothing for a pod of another image, such as the database's", () => {
    const server = pod({ containers: [{ name: "postgres" }], initContainers: [{ name: "prepare" }] });
    assert.equal(runOf(server), undefined);
    assert.deepEqual([runsAppImage(server, "postgres"), runsAppImage(server, "prepare")], [false, false]);
  });
});
