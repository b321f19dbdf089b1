import http from "node:http";

/** What a page answers to a GET; a redirect is an answer as any other. */
export interface Answer {
  status: number;
  /** Of the page, when it answers 200 with HTML. */
  title?: string;
  /** Where a redirect leads. */
  location?: string;
}

/** Takes what is shown of an answer from its parts. */
export function answerOf(status: number, location: string | null | undefined, body: string): Answer {
  const title = status === 200 ? /<title>([^<]*)<\/title>/.exec(body)?.[1]?.replace(/\s+/g, " ").trim() : undefined;
  return { status, ...(title && { title }), ...(location && status >= 300 && status < 400 && { location }) };
}

/** Whether an answer is that of a page that does not work: all else is what the project has its page say. */
export function isFailure({ status }: Answer): boolean {
  return status === 400 || status >= 500;
}

/** Such as "200 The install worked successfully!" or "302 Found to /login/". */
export function describeAnswer({ status, title, location }: Answer): string {
  if (status === 200) {
    return `200 ${title ?? ""}`.trim();
  }
  const name = `${status} ${http.STATUS_CODES[status] ?? ""}`.trim();
  return location === undefined ? name : `${name} to ${location}`;
}
