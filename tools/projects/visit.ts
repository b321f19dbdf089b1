import assert from "node:assert/strict";

import { until } from "../waiting";
import type { Shape } from "./shapes";
import { echoed } from "./websocket";

/** What a served project answered. */
export interface Visit {
  /** Status of the admin's stylesheet. */
  stylesheet: number;
  /** What was counted before and after something was added: `3 → 4`. */
  added: string;
}

/** The user whom an API asks for. */
export const user = { name: "ada", password: "correct horse battery staple" };

/**
 * Uses a project as its users do.
 *
 * @param origin such as `http://localhost:30123`
 * @param isDebug whether Django's DEBUG has to be on
 * @throws an `AssertionError` for the first thing that is not as it has to be
 */
export async function visit(origin: string, shape: Shape, isDebug: boolean): Promise<Visit> {
  // For up to a second after a rollout requests still reach the pod before.
  await until(
    async () => {
      await checkDebug(origin, isDebug);
    },
    { seconds: 120, pauseMilliseconds: 500 },
  );
  const stylesheet = await get(`${origin}/static/admin/css/base.css`);
  const expected = shape.leavesStaticFiles === true && !isDebug ? 404 : 200;
  assert.equal(stylesheet.status, expected, "status of /static/admin/css/base.css");
  if (expected === 200) {
    assert.match(stylesheet.headers.get("content-type") ?? "", /^text\/css/);
  }
  const added = "api" in shape.page ? await useApi(origin, shape.page) : await useForm(origin, shape.page);
  const login = await get(`${origin}${shape.admin ?? "/admin/"}login/`);
  assert.match(login.headers.get("set-cookie") ?? "", /csrftoken=/, "cookies of the admin's login page");
  if (shape.websocket !== undefined) {
    assert.deepEqual(await echoed(origin, shape.websocket, { text: "hello" }), { text: "hello" });
  }
  return { stylesheet: stylesheet.status, added };
}

const get = async (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  await fetch(url, { headers: { connection: "close", ...headers }, redirect: "manual" });

/** Django's page for a path that is not there says whether debug is on. */
async function checkDebug(origin: string, isDebug: boolean): Promise<void> {
  const response = await get(`${origin}/there-is-no-such-page/`);
  assert.equal(response.status, 404, "status of a page that is not there");
  assert.equal((await response.text()).includes("DEBUG = True"), isDebug, "whether debug is on");
}

/** Sends a form as a browser does, and expects the page to count one more. */
async function useForm(origin: string, page: Extract<Shape["page"], { path: string }>): Promise<string> {
  const url = origin + page.path;
  const response = await get(url);
  const text = await response.text();
  assert.equal(response.status, 200, `status of ${page.path}`);
  assert.ok(text.includes(`<h1>${page.title}</h1>`), `${page.path} has no heading "${page.title}"`);
  const before = count(text, page.counts);
  const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(text)?.[1];
  assert.ok(token !== undefined, `${page.path} has no CSRF token`);
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(";", 1)[0])
    .join("; ");
  const sent = await fetch(url, {
    method: "POST",
    headers: { connection: "close", cookie, origin, referer: url },
    body: new URLSearchParams({ csrfmiddlewaretoken: token, [page.field]: "ada@example.com" }),
    redirect: "manual",
  });
  assert.equal(sent.status, 302, `status of the form that was sent: ${(await sent.text()).slice(0, 300)}`);
  const after = count(await (await get(url)).text(), page.counts);
  assert.equal(after, before + 1, page.counts);
  return `${before} → ${after}`;
}

function count(text: string, what: string): number {
  const found = new RegExp(`<p>(\\d+) ${what}</p>`).exec(text)?.[1];
  assert.ok(found !== undefined, `the page does not count ${what}`);
  return Number(found);
}

/** Creates something behind basic authentication, and expects one more to be listed. */
async function useApi(origin: string, { api, field }: Extract<Shape["page"], { api: string }>): Promise<string> {
  const url = origin + api;
  assert.equal((await get(url)).status, 401, `status of ${api} for nobody`);
  const authorization = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString("base64")}`;
  const list = async (): Promise<number> => {
    const response = await get(url, { authorization });
    assert.equal(response.status, 200, `status of ${api} for ${user.name}`);
    return ((await response.json()) as unknown[]).length;
  };
  const before = await list();
  const created = await fetch(url, {
    method: "POST",
    headers: { connection: "close", authorization },
    body: new URLSearchParams({ [field]: "hello" }),
  });
  assert.equal(created.status, 201, `status of a POST to ${api}`);
  const after = await list();
  assert.equal(after, before + 1, api);
  return `${before} → ${after}`;
}
