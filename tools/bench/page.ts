import http from "node:http";

import { untilTrue } from "../waiting";

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

/**
 * GETs a page until it contains the text. Throws when it does not within 30 s.
 *
 * @param pauseMilliseconds between two requests
 */
export async function untilServed(url: string, text: string, pauseMilliseconds = 20): Promise<void> {
  const hasText = async (): Promise<boolean> => (await get(url)).includes(text);
  const late = (): Error => new Error(`${url} does not serve "${text}" within ${limitSeconds} s.`);
  await untilTrue(hasText, { seconds: limitSeconds, pauseMilliseconds, late });
}
