import assert from "node:assert/strict";

import { until } from "../../../waiting";

/**
 * GETs a page until its headers and text match: a pod that was told to end serves on for a while, and kube-proxy sends
 * requests to it for up to a second after the rollout.
 */
export async function untilPageShows(url: string, expected: RegExp): Promise<void> {
  const get = async (): Promise<void> => {
    // A pod or a node that was ended may have taken the request, and never answers.
    const response = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(30_000) });
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\n`);
    assert.match(headers.join("") + (await response.text()), expected);
  };
  await until(get, { seconds: 120, pauseMilliseconds: 500 });
}
