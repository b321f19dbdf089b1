import type http from "node:http";

import type { Pod } from "../../../rollout/kubernetes";

/** The state of a container, as its pod's status has it. */
type State = NonNullable<NonNullable<Pod["status"]["containerStatuses"]>[number]["state"]>;

/** An API server that has pods, lets them be watched, and has logs that grow. */
export class FakePods {
  /** Queries for logs, each with its pod's name. */
  readonly asked: string[] = [];
  private readonly pods = new Map<string, Pod>();
  private readonly logs = new Map<string, { lines: string[] }>();
  private readonly watchers = new Set<http.ServerResponse>();
  /** Lines of a watch: one that begins after a list gets all that came after that. */
  private readonly events: string[] = [];
  private readonly readers = new Map<http.ServerResponse, string>();
  private count = 0;

  /** Has a pod of process worker, or changes it; `id` is that of its container. */
  set(name: string, id: string, state: State, phase = "Running"): Pod {
    const pod = {
      metadata: {
        name,
        uid: `uid-of-${name}`,
        namespace: "shop",
        labels: { app: "django-process", process: "worker" },
        creationTimestamp: `2026-01-01T00:00:0${this.pods.size}Z`,
      },
      spec: { containers: [{ name: "worker" }] },
      status: { phase, containerStatuses: [{ name: "worker", containerID: id, state }] },
    } as unknown as Pod;
    const type = this.pods.has(name) ? "MODIFIED" : "ADDED";
    this.pods.set(name, pod);
    this.tell(type, pod);
    return pod;
  }

  remove(name: string): void {
    const pod = this.pods.get(name);
    this.pods.delete(name);
    this.tell("DELETED", pod ?? {});
  }

  /** Has a container print lines; the second is a second after the first. */
  print(name: string, ...texts: string[]): void {
    const log = this.logOf(name);
    for (const text of texts) {
      const line = `2026-01-01T00:00:${String(this.count++).padStart(2, "0")}.000000001Z ${text}\n`;
      log.lines.push(line);
      this.readersOf(name).forEach((response) => response.write(line));
    }
  }

  /** Ends a container's log, as its end does; what it prints next is another container's. */
  end(name: string): void {
    for (const response of this.readersOf(name)) {
      this.readers.delete(response);
      response.end();
    }
    this.logs.set(name, { lines: [] });
  }

  /** Cuts off every connection, as an API server does that ends. */
  cutOff(): void {
    [...this.watchers, ...this.readers.keys()].forEach((response) => response.socket?.destroy());
    this.watchers.clear();
    this.readers.clear();
  }

  readonly answer: http.RequestListener = (request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const [, name = "", isLog] = /^\/api\/v1\/namespaces\/shop\/pods(?:\/([^/]+))?(\/log)?$/.exec(url.pathname) ?? [];
    const isFollowed = url.searchParams.get("follow") === "true";
    if (isLog !== undefined) {
      this.asked.push(`${name} ${url.searchParams.toString()}`);
      const tail = Number(url.searchParams.get("tailLines") ?? Infinity);
      const { lines } = this.logOf(name);
      response.writeHead(200).write(lines.slice(-tail).join(""));
      if (isFollowed) {
        this.readers.set(response, name);
      } else {
        response.end();
      }
    } else if (url.searchParams.get("watch") === "true") {
      const seen = Number(url.searchParams.get("resourceVersion"));
      response.writeHead(200).flushHeaders();
      this.events.slice(seen).forEach((line) => response.write(line));
      this.watchers.add(response);
    } else if (name === "") {
      const metadata = { resourceVersion: String(this.events.length) };
      response.end(JSON.stringify({ metadata, items: [...this.pods.values()] }));
    } else {
      const pod = this.pods.get(name);
      response.writeHead(pod === undefined ? 404 : 200).end(JSON.stringify(pod ?? {}));
    }
  };

  private tell(type: string, object: object): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    this.events.push(line);
    this.watchers.forEach((response) => response.write(line));
  }

  private logOf(name: string): { lines: string[] } {
    const log = this.logs.get(name) ?? { lines: [] };
    this.logs.set(name, log);
    return log;
  }

  private readersOf(name: string): http.ServerResponse[] {
    return [...this.readers].filter(([, of]) => of === name).map(([response]) => response);
  }
}
