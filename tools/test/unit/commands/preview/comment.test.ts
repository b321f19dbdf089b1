import assert from "node:assert/strict";
import type http from "node:http";

import { comment } from "../../../../commands/preview/comment";
import { marker } from "../../../../commands/preview/summary";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";
import { localServers } from "../../../../../test/unit/helpers/servers";

interface Call {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

const bot = { login: "github-actions[bot]" };
const summary = `${marker("minikube")}\n### Preview\n`;

describe("the comment on a pull request", () => {
  const folder = temporaryFolder();
  const { serve } = localServers();
  let calls: Call[];
  let printed: string[];
  let log: typeof console.log;
  beforeEach(() => {
    calls = [];
    printed = [];
    log = console.log;
    console.log = (line: string) => printed.push(line);
  });
  afterEach(() => {
    console.log = log;
  });

  /** A GitHub with some comments on pull request 7, of which it lists 100 at a time. */
  async function github(comments: object[], refusal?: number): Promise<NodeJS.ProcessEnv> {
    const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const { method, url, headers } = request;
        calls.push({
          method,
          url,
          authorization: headers.authorization,
          body: text === "" ? undefined : JSON.parse(text),
        });
        const page = Number(/[?&]page=(\d+)/.exec(url ?? "")?.[1] ?? 1);
        const body = method === "GET" ? comments.slice((page - 1) * 100, page * 100) : {};
        response.writeHead(method === "GET" ? 200 : (refusal ?? 200)).end(JSON.stringify(body));
      });
    };
    return {
      GITHUB_API_URL: `http://127.0.0.1:${await serve(answer)}`,
      GITHUB_REPOSITORY: "me/project",
      GITHUB_TOKEN: "token",
      GITHUB_EVENT_PATH: folder.path("event.json"),
    };
  }
  const writeEvent = (head: string | null): void => {
    const repository = head === null ? null : { full_name: head };
    const pullRequest = { number: 7, head: { repo: repository }, base: { repo: { full_name: "me/project" } } };
    folder.write({ "event.json": JSON.stringify({ pull_request: pullRequest }), "summary.md": summary });
  };
  const run = async (environment: NodeJS.ProcessEnv): Promise<void> => {
    await comment({ file: folder.path("summary.md") }, environment);
  };
  const requests = (): string[] => calls.map(({ method, url }) => `${method ?? ""} ${url ?? ""}`);

  it("is written when there is none for the stack", async () => {
    writeEvent("me/project");
    await run(await github([{ id: 1, body: `${marker("dev")}\n`, user: bot }]));
    assert.deepEqual(requests(), [
      "GET /repos/me/project/issues/7/comments?per_page=100&page=1",
      "POST /repos/me/project/issues/7/comments",
    ]);
    assert.deepEqual(calls[1]?.body, { body: summary });
    assert.equal(calls[1].authorization, "Bearer token");
    assert.deepEqual(printed, ["Comment on pull request 7 written"]);
  });

  it("is edited where an earlier run wrote it, on whichever page it stands", async () => {
    writeEvent("me/project");
    const others = Array.from({ length: 100 }, (_, id) => ({ id, body: "Hello", user: { login: "somebody" } }));
    await run(await github([...others, { id: 4711, body: `${marker("minikube")}\r\nold`, user: bot }]));
    assert.deepEqual(requests().slice(2), ["PATCH /repos/me/project/issues/comments/4711"]);
    assert.deepEqual(printed, ["Comment on pull request 7 edited"]);
  });

  it("leaves alone what somebody else wrote with the same first line", async () => {
    writeEvent("me/project");
    await run(await github([{ id: 1, body: summary, user: { login: "somebody" } }]));
    assert.equal(calls.at(-1)?.method, "POST");
  });

  for (const head of ["you/project", null]) {
    it(`is skipped, with the reason, for ${head === null ? "a fork that was deleted" : "a fork"}`, async () => {
      writeEvent(head);
      await run(await github([]));
      assert.deepEqual(calls, []);
      assert.deepEqual(printed, [
        "No comment on pull request 7: its token may only read, since it comes from a fork; the job summary has the same text",
      ]);
    });
  }

  it("is skipped, with the reason, where the token may only read", async () => {
    writeEvent("me/project");
    await run(await github([], 403));
    assert.deepEqual(printed, [
      "No comment on pull request 7: the workflow's token may only read (403); the job summary has the same text",
    ]);
  });

  it("fails with GitHub's answer to anything else", async () => {
    writeEvent("me/project");
    const message =
      "GitHub answers 422 to POST /7/comments:\n  | {}\nCheck that the job has `permissions: pull-requests: write`.";
    await assert.rejects(run(await github([], 422)), isProblem(message));
  });

  it("refuses a file that is no summary", async () => {
    writeEvent("me/project");
    folder.write({ "summary.md": "Something else" });
    await assert.rejects(
      run(await github([])),
      /holds no summary of a preview; run `npm run preview:pr -- --base main/,
    );
    assert.deepEqual(calls, []);
  });

  it("says that GitHub cannot be reached, and that the workflow's event cannot be read", async () => {
    writeEvent("me/project");
    const environment = { ...(await github([])), GITHUB_API_URL: "http://127.0.0.1:3" };
    await assert.rejects(
      run(environment),
      /^\w*: GitHub cannot be reached at http:\/\/127\.0\.0\.1:3\/repos\S+ \(ECONNREFUSED\); run the workflow's job again/,
    );
    folder.write({ "event.json": "{" });
    await assert.rejects(
      run(environment),
      /^\w*: The file "\S+event\.json" of GITHUB_EVENT_PATH cannot be read: .+JSON.+; run this in a GitHub workflow/,
    );
  });

  it("says what is missing outside of a workflow", async () => {
    await assert.rejects(
      run({}),
      /^\w*: GITHUB_EVENT_PATH is not set: a comment needs a GitHub workflow run on a pull request; run/,
    );
    folder.write({ "event.json": "{}" });
    await assert.rejects(run(await github([])), /This workflow run has no pull request; set `on: pull_request`/);
  });
});
