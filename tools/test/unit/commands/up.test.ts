import assert from "node:assert/strict";
import type http from "node:http";

import { wayToPage, waitUntilServed } from "../../../commands/up";
import { isProblem } from "../../../../test/unit/helpers/problems";
import { closedPort, localServers } from "../../../../test/unit/helpers/servers";

const page = "<!doctype html>\n<head>\n<title> The install worked successfully!\n</title></head>";

describe("The wait for the page", () => {
  const { serve } = localServers();

  const answering = async (...answers: [status: number, body: string][]): Promise<string> => {
    const last = answers.at(-1) ?? [200, ""];
    const port = await serve((_: http.IncomingMessage, response: http.ServerResponse) => {
      const [status, body] = answers.shift() ?? last;
      response.writeHead(status).end(body);
    });
    return `http://127.0.0.1:${port}/`;
  };

  it("ends with the page's title", async () => {
    assert.equal(await waitUntilServed(await answering([200, page])), "200 The install worked successfully!");
  });

  it("ends with 200 alone when the page has no title", async () => {
    assert.equal(await waitUntilServed(await answering([200, "ok"])), "200");
  });

  it("goes on while it answers anything but 200", async () => {
    const url = await answering([404, ""], [503, ""], [204, ""], [200, page]);
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
    assert.equal(tries, 3);
  });

  it("gives up on a page that keeps answering something else, and says what", async () => {
    const url = await answering([404, ""]);
    await assert.rejects(
      waitUntilServed(url, 1),
      isProblem(
        `${url} did not answer 200 within 1 s (it answers 404 Not Found); run \`pulumi config set urlHost HOST\` if the cluster is reached at another host.`,
      ),
    );
  });

  it("gives up on a port where nothing listens, and says so", async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    await assert.rejects(
      waitUntilServed(url, 1),
      isProblem(
        `${url} did not answer 200 within 1 s (ECONNREFUSED); run \`pulumi config set urlHost HOST\` if the cluster is reached at another host.`,
      ),
    );
  });

  it("gives up on a page that never answers, when its time is up", async () => {
    const url = `http://127.0.0.1:${await serve(() => undefined)}/`;
    await assert.rejects(waitUntilServed(url, 1), /did not answer 200 within 1 s/);
  });
});

describe("The way to the page", () => {
  const { serve } = localServers();
  const openCommand = "minikube -p minikube service -n shop web --url";
  const byCommand = `No port of this cluster is reached from this machine; this opens a way and says where to:\n${openCommand}`;
  const closed = async (): Promise<string> => `http://127.0.0.1:${await closedPort()}/`;

  it("is the URL when it answers, even where a command would open another", async () => {
    const port = await serve((_: http.IncomingMessage, response: http.ServerResponse) => {
      response.end(page);
    });
    const url = `http://127.0.0.1:${port}/`;
    assert.equal(await wayToPage({ url, openCommand }), url);
  });

  it("is the command when there is no URL", async () => {
    assert.equal(await wayToPage({ openCommand }), byCommand);
  });

  it("is the command when the URL does not answer", async () => {
    assert.equal(await wayToPage({ url: await closed(), openCommand }, 0.3), byCommand);
  });

  it("is none when the URL does not answer and no command would open another", async () => {
    await assert.rejects(wayToPage({ url: await closed() }, 1), /did not answer 200 within 1 s/);
  });
});
