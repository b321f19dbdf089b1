import assert from "node:assert/strict";

import { adviceFor, readListeners } from "../../../rollout/listening";
import { diagnoseRefusal } from "../../../rollout/refusal";
import { schedulingAdvice, schedulingReason } from "../../../rollout/scheduling";

describe("What helps a pod that no node takes", () => {
  const app = { namespace: "shop", requests: { cpu: "100m", memory: "900Gi" } };
  const cases: [message: string, advice: RegExp][] = [
    [
      "0/1 nodes are available: 1 Insufficient cpu.",
      /^lower `cpuRequest`, such as by `pulumi config set cpuRequest 50m`/,
    ],
    ["0/1 nodes are available: 1 Insufficient memory.", /^lower `memoryRequest`/],
    ["0/1 nodes are available: 1 Insufficient ephemeral-storage.", /^free disk space/],
    ["0/1 nodes are available: 1 Too many pods.", /another node$/],
    ["0/1 nodes are available: 1 node(s) had untolerated taint {team: other}.", /kubectl taint nodes --all team-`/],
    ["0/1 nodes are available: 1 node(s) had untolerated taint(s) {team=other}.", /kubectl taint nodes --all team-`/],
    [
      "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.",
      /^free disk space on the node, such as with `npm run prune -- --yes`$/,
    ],
    [
      "0/1 nodes are available: 1 node(s) were unschedulable.",
      /^look with `kubectl get nodes` .* with `kubectl uncordon NODE`$/,
    ],
    ["0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", /describe pvc` why/],
    ["0/1 nodes are available: 1 node(s) had volume node affinity conflict.", /that has the volume/],
    ["0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", /affinity in components/],
    ["no nodes available to schedule pods", /^start a node/],
    ["something new", /kubectl --namespace shop describe pods/],
  ];
  for (const [message, advice] of cases) {
    it(`fits "${message}"`, () => {
      assert.match(schedulingAdvice(message, app), advice);
    });
  }

  it("names the node that is cordoned", () => {
    const message = "0/1 nodes are available: 1 node(s) were unschedulable.";
    assert.equal(
      schedulingAdvice(message, { ...app, cordoned: ["worker-2", "worker-3"] }),
      "let the cordoned node take pods again with `kubectl uncordon worker-2` or `kubectl uncordon worker-3`",
    );
  });

  it("is to look which taint it is where nobody says", () => {
    const message = "0/1 nodes are available: 1 node(s) had untolerated taint(s).";
    assert.match(schedulingAdvice(message, app), /^look with `kubectl describe nodes` which taint it is/);
  });

  it("is for the taints of the nodes where the scheduler names none", () => {
    const said =
      "0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    const reason = schedulingReason(said, ["team: other"]);
    assert.equal(reason, "0/1 nodes are available: 1 node(s) had untolerated taint {team: other}");
    assert.equal(
      schedulingAdvice(reason, app),
      "remove the taint with `kubectl taint nodes --all team-`, or give the cluster a node without it",
    );
  });

  it("is for each of several reasons", () => {
    const message = "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {team: other}.";
    assert.match(schedulingAdvice(message, app), /cpuRequest.*; remove the taint/);
  });

  it("names no config key for what a pod requests that has none", () => {
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    assert.equal(schedulingAdvice(message, { ...app, requests: {} }), "give the cluster more CPU");
  });

  it("names no value that is not lower", () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    assert.equal(schedulingAdvice(message, { ...app, requests: { memory: "64Mi" } }), "give the cluster more memory");
  });
});

describe("Why no pod is made", () => {
  const refused = { kind: "Job", name: "migrate", namespace: "shop", fewerReplicas: 1 };
  const raise = "raise the quota with `kubectl --namespace shop edit resourcequota small`";
  const quota = (requested: string, used: string, limited: string): string =>
    `pods "w-" is forbidden: exceeded quota: small, requested: ${requested}, used: ${used}, limited: ${limited}`;
  const cases: [message: string, advice: string, patience: number | "rollout"][] = [
    [
      `Error creating: ${quota("pods=1", "pods=2", "pods=2")}`,
      `lower \`replicas\`, such as with \`pulumi config set replicas 1\`, or ${raise}`,
      "rollout",
    ],
    [
      quota("limits.memory=512Mi,pods=1", "limits.memory=512Mi,pods=2", "limits.memory=800Mi,pods=2"),
      `lower \`memoryLimit\` and \`replicas\`, such as with \`pulumi config set memoryLimit 288Mi\` and \`pulumi config set replicas 1\`, or ${raise}`,
      "rollout",
    ],
    [
      quota("requests.cpu=100m", "requests.cpu=950m", "requests.cpu=1"),
      `lower \`cpuRequest\`, such as with \`pulumi config set cpuRequest 50m\`, or ${raise}`,
      "rollout",
    ],
    [quota("requests.memory=128Mi", "requests.memory=1000Mi", "requests.memory=1Gi"), raise, "rollout"],
    [quota("cpu=100m,count/pods=1", "cpu=100m,count/pods=2", "cpu=1,count/pods=2"), raise, "rollout"],
    [
      'pods "w-" is forbidden: failed quota: small: must specify limits.cpu for: django-web; requests.cpu,limits.memory for: django-web',
      "set `cpuLimit`, `cpuRequest` and `memoryLimit`, which the quota counts, such as with `pulumi config set cpuLimit 1`, `pulumi config set cpuRequest 100m` and `pulumi config set memoryLimit 512Mi`",
      3,
    ],
    [
      'pods "w-" is forbidden: failed quota: small: must specify limits.ephemeral-storage for: django-web',
      "set in components/app what the quota small counts",
      3,
    ],
    [
      'pods "w-" is forbidden: maximum memory usage per Container is 256Mi, but limit is 512Mi',
      "set `memoryLimit` as the LimitRange allows, with `pulumi config set memoryLimit 256Mi`",
      3,
    ],
    [
      'pods "w-" is forbidden: [minimum cpu usage per Pod is 200m, but request is 100m, maximum cpu usage per Container is 1.  No limit is specified]',
      "set `cpuRequest` and `cpuLimit` as the LimitRange allows, with `pulumi config set cpuRequest 200m` and `pulumi config set cpuLimit 1`",
      3,
    ],
    [
      'pods "w-" is forbidden: memory max limit to request ratio per Container is 2, but provided ratio is 4.000000',
      "set `memoryRequest` and `memoryLimit` as the LimitRange allows, with `pulumi config set memoryRequest 512Mi` and `pulumi config set memoryLimit 512Mi`",
      3,
    ],
    [
      'pods "w-" is forbidden: minimum ephemeral-storage usage per Container is 1Gi, but request is 64Mi',
      "look with `kubectl --namespace shop describe limitrange` what is allowed, and set that in components/app",
      3,
    ],
    [
      'pods "w-" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      'change in components/app/hardening.ts what level "restricted" forbids, or the level with `kubectl label namespace shop --overwrite pod-security.kubernetes.io/enforce=baseline`',
      3,
    ],
    [
      'admission webhook "policy.example.com" denied the request: no label "team"',
      "change what the cluster's webhook policy.example.com denies, or ask the cluster's administrator",
      3,
    ],
    [
      'Internal error occurred: failed calling webhook "policy.example.com": connection refused',
      "ask the cluster's administrator to start the service of the webhook policy.example.com",
      "rollout",
    ],
    [
      'pods "w-" is forbidden: error looking up service account shop/w: serviceaccount "w" not found',
      "look with `kubectl --namespace shop get events` for what the cluster demands",
      "rollout",
    ],
  ];
  for (const [message, advice, patience] of cases) {
    it(`is told with what fits "${message}"`, () => {
      const found = diagnoseRefusal(message, refused);
      assert.equal(found.subject, "Job migrate");
      assert.equal(found.detail, message.replace("Error creating: ", "").replace("  ", " "));
      assert.equal(found.nextStep, advice);
      assert.equal(found.patience, patience);
    });
  }

  it("names no config key where none helps: of a stack with no replica to spare, and of the database's server", () => {
    const pods = quota("pods=1", "pods=1", "pods=1");
    assert.equal(diagnoseRefusal(pods, { ...refused, fewerReplicas: undefined }).nextStep, raise);
    const server = { ...refused, kind: "StatefulSet" };
    assert.equal(diagnoseRefusal(pods, server).nextStep, raise);
    const limit = "maximum memory usage per Container is 256Mi, but limit is 512Mi";
    assert.match(diagnoseRefusal(limit, server).nextStep, /^look with `kubectl .* set that in components\/app$/);
  });
});

describe("Where a process listens", () => {
  const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  const line = (address: string, state = "0A"): string => `   0: ${address} 00000000:0000 ${state} 00000000:00000000\n`;

  it("is read from what Linux lists", () => {
    const table = [
      header,
      line("0100007F:1F40"),
      line("0100007F:C350", "01"),
      line("00000000000000000000000001000000:1388"),
      line("00000000000000000000000000000000:1F40"),
    ].join("");
    assert.deepEqual(readListeners(table), [
      { address: "127.0.0.1", port: 8000 },
      { address: "::1", port: 5000 },
      { address: "::", port: 8000 },
    ]);
  });

  it("is where nobody reaches it when it is the pod's own loopback, or another port", () => {
    const loopback = adviceFor([{ address: "127.0.0.1", port: 8000 }], 8000);
    assert.equal(
      loopback?.detail,
      "the process listens on 127.0.0.1:8000, and Kubernetes asks for port 8000 of the pod's address",
    );
    assert.match(loopback.nextStep, /^let it listen on 0\.0\.0\.0:8000/);
    assert.match(adviceFor([{ address: "::", port: 5000 }], 8000)?.detail ?? "", /listens on \[::\]:5000/);
    assert.match(
      adviceFor([{ address: "::", port: 5000 }], 8000)?.nextStep ?? "",
      /, or run `pulumi config set port 5000`$/,
    );
  });

  it("is right, or not known yet", () => {
    assert.equal(adviceFor([{ address: "0.0.0.0", port: 8000 }], 8000), undefined);
    assert.equal(adviceFor([], 8000), undefined);
  });
});
