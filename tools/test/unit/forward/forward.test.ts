import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { contextOf } from "../../../../test/unit/helpers/contexts";
import { isProblem } from "../../../../test/unit/helpers/problems";
import { until } from "../../../../test/unit/helpers/until";
import { type Forward, type ForwardOptions, holdForward, otherPort } from "../../../forward/forward";
import { FakePortForward } from "./fakePortForward";

const port = 5432;

describe("A port that is forwarded", () => {
  let cluster: FakePortForward;
  let lines: string[];
  let over: AbortController;
  let forwards: Forward[];
  let server: string;

  beforeEach(async () => {
    [lines, forwards, over] = [[], [], new AbortController()];
    cluster = new FakePortForward();
    cluster.programs.set(port, (connection) => {
      connection.pipe(connection);
    });
    cluster.have({ name: "database-0" });
    server = await cluster.start();
  });
  afterEach(async () => {
    over.abort();
    await Promise.all(
      forwards.map(async ({ ended }) => {
        await ended;
      }),
    );
    await cluster.stop();
  });

  const hold = async (more: Partial<ForwardOptions> = {}): Promise<number> => {
    const forward = await holdForward({
      context: contextOf(server),
      namespace: "shop",
      name: "database",
      labelSelector: "app=django-database",
      remotePort: port,
      localPort: 0,
      signal: over.signal,
      onLine: (line) => lines.push(line),
      withPort: (other) => `run \`npm run forward -- dev database ${other}:5432\``,
      lingerMilliseconds: 20,
      ...more,
    });
    forwards.push(forward);
    return forward.localPort;
  };
  const connect = async (localPort: number): Promise<net.Socket> => {
    const socket = net.connect({ port: localPort, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return socket;
  };
  /** Connects, and waits until the other side closes that. */
  const untilClosed = async (localPort: number): Promise<void> => {
    const socket = net.connect(localPort, "127.0.0.1").resume();
    await once(socket, "close");
  };
  /** All that comes until the other side ends. */
  const rest = async (socket: net.Socket): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    await once(socket, "end");
    return Buffer.concat(chunks);
  };
  const ask = async (socket: net.Socket, text: string): Promise<string> => {
    socket.write(text);
    const [answer] = (await once(socket, "data")) as [Buffer];
    return answer.toString();
  };

  it("carries every byte both ways, for many connections at once", async () => {
    const localPort = await hold();
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const socket = await connect(localPort);
        const sent = randomBytes(300_000);
        const received: Buffer[] = [];
        socket.on("data", (chunk) => received.push(chunk)).write(sent);
        await until("everything is back", () => socket.bytesRead >= sent.length);
        assert.ok(Buffer.concat(received).equals(sent));
        socket.destroy();
      }),
    );
    assert.equal(cluster.opened.length, 40);
    assert.ok(cluster.lists < 40, `pods are listed ${cluster.lists} times`);
    await until("every WebSocket is closed", () => cluster.count === 0);
    assert.deepEqual(lines, []);
  });

  it("hands on what the pod says first, and its end", async () => {
    cluster.programs.set(port, (connection) => connection.end("220 ready"));
    const socket = await connect(await hold());
    assert.equal((await rest(socket)).toString(), "220 ready");
    socket.end();
    await once(socket, "close");
    await until("the WebSocket is closed", () => cluster.count === 0);
  });

  it("hands on what the pod sends after the client has closed its half", async () => {
    let answer: (() => void) | undefined;
    cluster.programs.set(port, (connection) => {
      connection.once("data", () => {
        answer = () => connection.end("late");
      });
    });
    const socket = await connect(await hold({ lingerMilliseconds: 5000 }));
    const received = rest(socket);
    await new Promise<void>((resolve) => socket.end("?", resolve));
    await until("the pod has the question", () => answer !== undefined);
    answer?.();
    assert.equal((await received).toString(), "late");
  });

  it("is held through a replaced pod, which ends its own connections alone", async () => {
    const localPort = await hold();
    const first = await connect(localPort);
    assert.equal(await ask(first, "one"), "one");
    cluster.have({ name: "database-0" }, { name: "database-1" });
    const second = await connect(localPort);
    assert.equal(await ask(second, "two"), "two");
    cluster.have({ name: "database-1" });
    await once(first, "end");
    assert.equal(await ask(second, "three"), "three");
    assert.deepEqual(cluster.opened, ["database-0", "database-1"]);
    assert.deepEqual(lines, []);
    first.destroy();
    second.destroy();
  });

  it("closes connections while no pod runs, and says so once, until one does", async () => {
    cluster.have({ name: "database-0", isTerminating: true }, { name: "database-1", phase: "Pending" });
    const localPort = await hold();
    for (let count = 0; count < 2; count++) {
      await untilClosed(localPort);
    }
    const closed = `No pod of database runs: connections to 127.0.0.1:${localPort} are closed until one does`;
    assert.deepEqual(lines, [closed]);
    cluster.have({ name: "database-1" });
    const socket = await connect(localPort);
    assert.equal(await ask(socket, "one"), "one");
    assert.deepEqual(lines, [closed, `Connections to 127.0.0.1:${localPort} reach pod database-1`]);
    socket.destroy();
  });

  it("resets a connection to a port of the pod on which nothing listens, and says what the cluster says", async () => {
    const localPort = await hold({ remotePort: 9999 });
    for (let count = 0; count < 2; count++) {
      await assert.rejects(untilClosed(localPort), { code: "ECONNRESET" });
    }
    assert.deepEqual(lines, [
      "Port 9999 of pod database-0 cannot be reached: socat[1]: error forwarding port 9999 to pod database-0: connection refused",
    ]);
  });

  it("says why the cluster opens no connection", async () => {
    const localPort = await hold();
    cluster.refusal = { status: 403, message: 'pods "database-0" is forbidden' };
    await untilClosed(localPort);
    assert.deepEqual(lines, [
      'Port 5432 of pod database-0 cannot be reached: the cluster answers 403 (pods "database-0" is forbidden)',
    ]);
  });

  it("resets a connection that is cut off, so that half of an answer is not taken for the whole", async () => {
    const socket = await connect(await hold());
    assert.equal(await ask(socket, "one"), "one");
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve));
    cluster.cutOff();
    assert.equal((await failed).code, "ECONNRESET");
    await until("the line is there", () => lines.length > 0);
    assert.deepEqual(lines, ["The connection to pod database-0 broke off"]);
  });

  it("says that the cluster does not answer", async () => {
    const localPort = await hold();
    const away = new FakePortForward();
    const address = await away.start();
    await away.stop();
    const other = await hold({ context: contextOf(address) });
    await untilClosed(other);
    assert.match(lines.join("\n"), /^The cluster of kube context "dev" at \S+ cannot be reached \(ECONNREFUSED\)$/);
    const socket = await connect(localPort);
    assert.equal(await ask(socket, "one"), "one");
    socket.destroy();
  });

  it("closes the WebSocket of a client that goes without a word", async () => {
    const localPort = await hold();
    for (const leave of [(socket: net.Socket) => socket.destroy(), (socket: net.Socket) => socket.resetAndDestroy()]) {
      const socket = await connect(localPort);
      assert.equal(await ask(socket, "one"), "one");
      leave(socket);
      await until("the WebSocket is closed", () => cluster.count === 0);
    }
  });

  const chunk = Buffer.alloc(64 * 1024, "x");
  const chunks = 1024;
  /** Writes them one after the other; says how many were taken. */
  const pour = (socket: net.Socket): (() => number) => {
    let taken = 0;
    const more = (): void => {
      socket.write(chunk, (error) => {
        if (!error && ++taken < chunks) {
          more();
        }
      });
    };
    more();
    return () => taken;
  };
  /** Waits until nothing more is taken, which must be before everything was. */
  const untilFull = async (taken: () => number): Promise<void> => {
    let before = 0;
    await until("nothing more is taken", async () => {
      await sleep(200);
      const isStill = before > 0 && taken() === before;
      before = taken();
      return isStill;
    });
    assert.ok(before < chunks, `${before} of ${chunks} chunks were taken`);
  };

  it("takes no more from the pod than the client reads", async () => {
    let taken = (): number => 0;
    cluster.programs.set(port, (connection) => {
      taken = pour(connection);
    });
    const socket = await connect(await hold());
    await untilFull(() => taken());
    socket.resume();
    await until("the client has everything", () => socket.bytesRead === chunks * chunk.length);
    socket.destroy();
  });

  it("takes no more from the client than the pod reads", async () => {
    let atPod: net.Socket | undefined;
    cluster.programs.set(port, (connection) => {
      atPod = connection.pause();
    });
    const socket = await connect(await hold());
    await untilFull(pour(socket));
    atPod?.resume();
    await until("the pod has everything", () => atPod?.bytesRead === chunks * chunk.length);
    socket.destroy();
  });

  it("ends with every connection when it is told to", async () => {
    const localPort = await hold();
    const socket = await connect(localPort);
    assert.equal(await ask(socket, "one"), "one");
    const idle = await connect(localPort);
    const closed = Promise.all([once(socket, "close"), once(idle, "close")]);
    over.abort();
    await forwards[0]?.ended;
    socket.end();
    idle.end();
    await closed;
    await until("the WebSockets are closed", () => cluster.count === 0);
    assert.deepEqual(lines, []);
    await assert.rejects(connect(localPort), { code: "ECONNREFUSED" });
  });

  it("is refused where another program has the local port, with another one to try", async () => {
    const localPort = await hold();
    await assert.rejects(
      hold({ localPort }),
      isProblem(
        `Port ${localPort} of 127.0.0.1 is in use; run \`npm run forward -- dev database ${otherPort(localPort)}:5432\`.`,
      ),
    );
    assert.deepEqual([otherPort(5432), otherPort(60_000)], [15_432, 50_000]);
  });
});
