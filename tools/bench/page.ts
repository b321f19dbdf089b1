import http from "node:http";

import { untilTrue } from "../waiting";

const pauseMilliseconds = 20;
const limitSeconds = 30;

async function get(url: string): Promise<string> {
  return await new Promise((resolve) => {
    // A connection that stays open would lead to the old pod.
    const request = http.get(url, { agent: false, timeout: 2000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("error", () => {
        resolve("");
      });
      response.on("end", () => {
        resolve(response.statusCode === 200 ? body : "");
      });
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => {
      resolve("");
    });
  });
}

const late =
  (url: string, text: string): (() => Error) =>
  () =>
    new Error(`${url} does not serve "${text}" within ${limitSeconds} s.`);

/** GETs a page until it contains the text. Throws when it does not within 30 s. */
export async function untilServed(url: string, text: string): Promise<void> {
  const hasText = async (): Promise<boolean> => (await get(url)).includes(text);
  await untilTrue(hasText, { seconds: limitSeconds, pauseMilliseconds, late: late(url, text) });
}

/**
 * GETs a page every 5 ms until each answer contains the text, also after a restart that is under way.
 *
 * @param settled resolves when the processes that serve the page are changed no more
 * @returns when the first of these answers came, as `performance.now()`
 */
export async function untilServedForGood(url: string, text: string, settled: Promise<void>): Promise<number> {
  let isSettled = false;
  const end = settled.then(() => {
    isSettled = true;
  });
  let since: number | undefined;
  const isServed = async (): Promise<boolean> => {
    const wasSettled = isSettled;
    since = (await get(url)).includes(text) ? (since ?? performance.now()) : undefined;
    return wasSettled && since !== undefined;
  };
  const wait = untilTrue(isServed, { seconds: limitSeconds, pauseMilliseconds: 5, late: late(url, text) });
  await Promise.all([wait, end]);
  return since ?? NaN;
}
