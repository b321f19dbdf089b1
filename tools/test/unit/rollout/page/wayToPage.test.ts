import assert from "node:assert/strict";
import type http from "node:http";

import { adviseNpmRun } from "../../../../../components/advice";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { closedPort, localServers } from "../../../../../test/unit/helpers/servers";
import type { Version } from "../../../../rollout/page/newVersion";
import { waitUntilServed } from "../../../../rollout/page/url";
import { type PageOptions, wayToPage } from "../../../../rollout/page/wayToPage";

const page = "<!doctype html>\n<head>\n<title> The install worked successfully!\n</title></head>";
type Reply = [status: number, body?: string, headers?: Record<string, string>];

/** Gives its answers one after the other; the last again and again. */
function inTurn(...replies: Reply[]): http.RequestListener {
  const last = replies.at(-1) ?? [200];
  return (_, response) => {
    const [status, body = "", headers = {}] = replies.shift() ?? last;
    response.writeHead(status, headers).end(body);
  };
}

describe("The wait for a page", () => {
  const { serve } = localServers();
  const answering = async (...replies: Reply[]): Promise<string> =>
    `http://127.0.0.1:${await serve(inTurn(...replies))}/`;

  const answers: [what: string, reply: Reply, shown: string][] = [
    ["the page's title", [200, page], "200 The install worked successfully!"],
    ["200 alone when the page has no title", [200, "ok"], "200"],
    ["204", [204], "204 No Content"],
    ["a page that is not there", [404], "404 Not Found"],
    ["a page that wants a password", [401], "401 Unauthorized"],
    [
      "a redirect to https",
      [301, "", { location: "https://shop.test/" }],
      "301 Moved Permanently to https://shop.test/",
    ],
    [
      "a redirect to a host that nobody knows",
      [302, "", { location: "http://no.invalid/" }],
      "302 Found to http://no.invalid/",
    ],
  ];
  for (const [what, reply, shown] of answers) {
    it(`ends with ${what}`, async () => {
      assert.equal(await waitUntilServed(await answering(reply)), shown);
    });
  }

  it("asks this machine for a name below localhost", async () => {
    const port = await serve((request, response) => {
      response.end(`<title>${request.headers.host ?? ""}</title>`);
    });
    assert.equal(await waitUntilServed(`http://shop.localhost:${port}/`, 1), `200 shop.localhost:${port}`);
  });

  it("goes on while there is an error", async () => {
    const url = await answering([503], [400], [502], [200, page]);
    assert.equal(await waitUntilServed(url), "200 The install worked successfully!");
  });

  it("goes on while the connection breaks", async () => {
    let tries = 0;
    const port = await serve((request, response) => {
      if (++tries < 3) {
        request.socket.destroy();
      } else {
        response.end(page);
      }
    });
    assert.equal(await waitUntilServed(`http://127.0.0.1:${port}/`), "200 The install worked successfully!");
  });

  it("gives up on an error that stays, and says which", async () => {
    const url = await answering([503]);
    await assert.rejects(
      waitUntilServed(url, 1),
      isProblem(
        `${url} is not served within 1 s (it answers 503 Service Unavailable); run \`pulumi config set urlHost HOST\` if the cluster is reached at another host.`,
      ),
    );
  });
});

describe("The way to the page", () => {
  ownEnvironment();

  const { serve } = localServers();
  const openCommand = "minikube -p minikube service -n shop web --url";
  const byCommand = `No port of this cluster is reached from this machine; this opens a way and says where to:\n${openCommand}`;
  const closed = async (): Promise<string> => `http://127.0.0.1:${await closedPort()}/`;
  const options: PageOptions = {
    version: undefined,
    rolloutSeconds: 30,
    isByIngress: false,
    folder: "../shop",
    retry: "",
    seconds: 1,
  };

  /** A cluster with one new pod, whose page replies as given; `hosts` collects the Host headers. */
  const cluster = async (
    pod: http.RequestListener,
    { replicas = 1, log = "", hosts = [] as string[], isServiceThere = true } = {},
  ): Promise<Version> => {
    const template = { metadata: { labels: { app: "web" } } };
    const owned = { labels: { "pod-template-hash": "new" }, ownerReferences: [{ name: "web" }] };
    const one = {
      metadata: { name: "web-2", uid: "2", labels: owned.labels, creationTimestamp: "2026-01-01T00:00:00Z" },
      spec: { containers: [{ name: "django-web", securityContext: { readOnlyRootFilesystem: true } }] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    };
    const objects: Record<string, unknown> = {
      "/apis/apps/v1/namespaces/shop/deployments/web": { metadata: { name: "web" }, spec: { replicas, template } },
      "/apis/apps/v1/namespaces/shop/replicasets": { items: [{ metadata: owned, spec: { template } }] },
      "/api/v1/namespaces/shop/pods": { items: replicas === 0 ? [] : [one] },
    };
    const port = await serve((request, response) => {
      const [path = ""] = (request.url ?? "").split("?");
      if (path.endsWith("/web-2:8000/proxy/")) {
        hosts.push(request.headers.host ?? "");
        pod(request, response);
      } else if (path.includes("/services/") && !isServiceThere) {
        response.writeHead(404).end("{}");
      } else {
        response.end(path.endsWith("/log") ? log : JSON.stringify(objects[path]));
      }
    });
    const context = { name: "c", server: `http://127.0.0.1:${port}`, ca: undefined, skipTlsVerify: false };
    return {
      context: { ...context, client: undefined },
      namespace: "shop",
      deployment: "web",
      host: "shop.test:30080",
      errorSeconds: 0.1,
      askImage: () => Promise.resolve(undefined),
    };
  };
  const urlOf = async (...replies: Reply[]): Promise<string> => `http://127.0.0.1:${await serve(inTurn(...replies))}/`;

  it("is the URL when it answers, even where a command would open another", async () => {
    const url = await urlOf([200, page]);
    assert.equal(await wayToPage({ url, openCommand }, options), url);
  });

  it("is the command when there is no URL, or it does not answer", async () => {
    assert.equal(await wayToPage({ openCommand }, options), byCommand);
    assert.equal(await wayToPage({ url: await closed(), openCommand }, { ...options, seconds: 0.3 }), byCommand);
  });

  it("is none when the URL does not answer and no command would open another", async () => {
    await assert.rejects(wayToPage({ url: await closed() }, options), /is not served within 1 s \(ECONNREFUSED\)/);
  });

  it("asks a new pod for the page, as the user's browser will", async () => {
    const hosts: string[] = [];
    const version = await cluster(inTurn([404]), { hosts });
    const url = await urlOf([404]);
    assert.equal(await wayToPage({ url }, { ...options, version }), url);
    assert.deepEqual(hosts, ["shop.test:30080"]);
  });

  it("waits until the URL answers as the new pod does, while a pod of the version before answers there", async () => {
    const version = await cluster(inTurn([404]));
    const url = await urlOf([200, page], [500], [404]);
    assert.equal(await wayToPage({ url }, { ...options, seconds: 5, version }), url);
  });

  it("is none when the new pod answers with an error, whatever the URL does, with its traceback", async () => {
    const log = `Starting\nTraceback (most recent call last):\n  File "views.py"\nRuntimeError: broken\n10.0.0.1 - - "GET / HTTP/1.1" 500 145\n`;
    const version = await cluster(inTurn([500]), { log });
    await assert.rejects(
      wayToPage({ url: await urlOf([200, page]) }, { ...options, version, retry: "run `npm run up` again" }),
      isProblem(
        `The new version answers 500 Internal Server Error at /:\n  | Traceback (most recent call last):\n  |   File "views.py"\n  | RuntimeError: broken\nMend the project in ../shop/ and run \`npm run up\` again.`,
      ),
    );
  });

  it("says what a traceback tells that the process needs", async () => {
    const log = "Traceback (most recent call last):\nOSError: [Errno 30] Read-only file system: '/app/media/x'\n";
    const version = await cluster(inTurn([500]), { log });
    await assert.rejects(
      wayToPage({ url: await urlOf([200]) }, { ...options, version }),
      isProblem(
        "The new version answers 500 Internal Server Error at /: the process cannot write to /app/media/x, which is on the read-only disk:\n  | Traceback (most recent call last):\n  | OSError: [Errno 30] Read-only file system: '/app/media/x'\nRun `pulumi config set writablePaths /app/media`.",
      ),
    );
  });

  it("says of an error without a traceback how to see it", async () => {
    const version = await cluster(inTurn([500]));
    await assert.rejects(
      wayToPage({ url: await urlOf([200]) }, { ...options, version }),
      /its log has no traceback, so let LOGGING in its settings print errors\.$/,
    );
  });

  it("names the host that the project does not answer for", async () => {
    const log =
      "Invalid HTTP_HOST header: 'shop.test:30080'. You may need to add 'shop.test' to ALLOWED_HOSTS.\nBad Request: /\n";
    const version = await cluster(inTurn([400]), { log });
    await assert.rejects(
      wayToPage({ url: await urlOf([200]) }, { ...options, version }),
      isProblem(
        "The new version answers 400 Bad Request at /:\n  | Invalid HTTP_HOST header: 'shop.test:30080'. You may need to add 'shop.test' to ALLOWED_HOSTS.\nLet ALLOWED_HOSTS in the project's settings have shop.test, which the variables ALLOWED_HOSTS and DJANGO_ALLOWED_HOSTS of its pod name, give it to another one with `pulumi config set --path env.NAME '$(ALLOWED_HOSTS)'`, or ask by a host that they allow, such as with `pulumi config set urlHost 127.0.0.1`.",
      ),
    );
  });

  it("says that the Service was deleted, and how it is made again", async () => {
    const version = { ...(await cluster(inTurn([200, page]), { isServiceThere: false })), service: "web-service" };
    const url = await closed();
    await assert.rejects(
      wayToPage({ url }, { ...options, version }),
      isProblem(
        `${url} leads to nothing (ECONNREFUSED), since Service web-service is not in the cluster any more; run \`npm run drift -- --restore\`, which puts back what was deleted in the cluster.`,
      ),
    );
  });

  it("advises another host where the pod answers and the URL does not", async () => {
    const version = await cluster(inTurn([200, page]));
    const url = await closed();
    await assert.rejects(
      wayToPage({ url }, { ...options, version }),
      isProblem(
        `The new version answers 200 The install worked successfully!, but ${url} does not lead to it within 1 s (ECONNREFUSED); run \`pulumi config set urlHost HOST\` if the cluster is reached at another host.`,
      ),
    );
  });

  it("leads to the Ingress where the URL is its own", async () => {
    const version = await cluster(inTurn([200, page]));
    await assert.rejects(
      wayToPage({ url: await closed() }, { ...options, version, isByIngress: true }),
      /look with `kubectl get ingress --all-namespaces`/,
    );
  });

  it("is nowhere where nothing runs, as config asks, and that is no failure", async () => {
    const version = await cluster(inTurn([200]), { replicas: 0 });
    adviseNpmRun("dev");
    const said: string[] = [];
    const log = console.error;
    console.error = (line: string) => said.push(line);
    try {
      const retry = "run `npm run up` again";
      assert.equal(await wayToPage({ url: await closed() }, { ...options, version, retry }), undefined);
    } finally {
      console.error = log;
    }
    assert.equal(
      said.at(-1),
      "Nothing is served, since `replicas` is 0; to serve the page, run `npm run pulumi -- config set replicas 1 --stack dev` and run `npm run up -- dev` again",
    );
  });

  it("is a command that works where kubectl is not on PATH", async () => {
    adviseNpmRun("minikube");
    const command = "kubectl --context minikube -n shop port-forward service/web 8000";
    assert.match(
      (await wayToPage({ openCommand: command }, options)) ?? "",
      /\nnpm run kubectl -- --stack minikube --context minikube -n shop port-forward service\/web 8000$/,
    );
  });

  it("is left to the URL where the API server does not lead to pods", async () => {
    const status = JSON.stringify({ kind: "Status", apiVersion: "v1", reason: "Forbidden" });
    const version = await cluster(inTurn([403, status]));
    const url = await urlOf([404]);
    assert.equal(await wayToPage({ url }, { ...options, version }), url);
  });
});
