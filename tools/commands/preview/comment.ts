import fs from "node:fs";

import { Problem } from "../../../components/problem";
import { reasonOf } from "../../../components/targets/reason";
import { isMarker } from "./summary";

const timeoutSeconds = 30;
const pageSize = 100;
/** Only comments of this author are edited. */
const author = "github-actions[bot]";

interface Comment {
  id: number;
  body?: string;
  user: { login: string } | null;
}

interface PullRequestEvent {
  pull_request?: {
    number: number;
    head: { repo: { full_name: string } | null };
    base: { repo: { full_name: string } };
  };
}

/**
 * Writes a summary as a comment on the pull request of a workflow run, or replaces the comment that an earlier run wrote
 * for the same stack. If the workflow's token may only read, as for a fork, the summary of the job has to do.
 *
 * @throws a `Problem` outside of a workflow run on a pull request, and when GitHub refuses
 */
export async function comment({ file }: { file: string }, environment = process.env): Promise<void> {
  const variable = (name: string): string => {
    const value = environment[name];
    if (!value) {
      throw new Problem(
        `${name} is not set: a comment needs a GitHub workflow run on a pull request`,
        "run `npm run preview:pr -- --base main` to read the summary here",
      );
    }
    return value;
  };
  const pullRequest = readEvent(variable("GITHUB_EVENT_PATH")).pull_request;
  if (pullRequest === undefined) {
    throw new Problem("This workflow run has no pull request", "set `on: pull_request` in the workflow");
  }
  const notWritten = `No comment on pull request ${pullRequest.number}`;
  if (pullRequest.head.repo?.full_name !== pullRequest.base.repo.full_name) {
    console.log(
      `${notWritten}: its token may only read, since it comes from a fork; the job summary has the same text`,
    );
    return;
  }
  const summary = readSummary(file);
  const github = client(
    `${environment["GITHUB_API_URL"] ?? "https://api.github.com"}/repos/${variable("GITHUB_REPOSITORY")}/issues`,
    variable("GITHUB_TOKEN"),
  );
  try {
    const earlier = await findComment(github, pullRequest.number, firstLine(summary));
    await (earlier === undefined
      ? github("POST", `/${pullRequest.number}/comments`, { body: summary })
      : github("PATCH", `/comments/${earlier}`, { body: summary }));
    console.log(`Comment on pull request ${pullRequest.number} ${earlier === undefined ? "written" : "edited"}`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 403) {
      throw error;
    }
    console.log(`${notWritten}: the workflow's token may only read (403); the job summary has the same text`);
  }
}

function readEvent(file: string): PullRequestEvent {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as PullRequestEvent;
  } catch (error) {
    throw new Problem(
      `The file "${file}" of GITHUB_EVENT_PATH cannot be read: ${(error as Error).message}`,
      "run this in a GitHub workflow, which writes that file",
    );
  }
}

function readSummary(file: string): string {
  const summary = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  if (!isMarker(firstLine(summary))) {
    throw new Problem(
      `${file} holds no summary of a preview`,
      `run \`npm run preview:pr -- --base main --output ${file}\``,
    );
  }
  return summary;
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.trim() ?? "";
}

async function findComment(github: Client, pullRequest: number, marker: string): Promise<number | undefined> {
  for (let page = 1; ; page += 1) {
    const query = `per_page=${pageSize}&page=${page}`;
    const comments = (await github("GET", `/${pullRequest}/comments?${query}`)) as Comment[];
    const found = comments.find(({ user, body }) => user?.login === author && firstLine(body ?? "") === marker);
    if (found !== undefined || comments.length < pageSize) {
      return found?.id;
    }
  }
}

class Refusal extends Problem {
  constructor(
    request: string,
    readonly status: number,
    body: string,
  ) {
    super(
      `GitHub answers ${status} to ${request}`,
      "check that the job has `permissions: pull-requests: write`",
      body === "" ? [] : [body],
    );
  }
}

type Client = (method: string, path: string, body?: object) => Promise<unknown>;

function client(root: string, token: string): Client {
  return async (method, path, body) => {
    const url = `${root}${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "x-github-api-version": "2022-11-28",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    }).catch((error: unknown) => {
      throw new Problem(
        `GitHub cannot be reached at ${url} (${reasonOf((error as Error).cause ?? error)})`,
        "run the workflow's job again",
      );
    });
    if (!response.ok) {
      throw new Refusal(`${method} ${path}`, response.status, (await response.text()).slice(0, 200));
    }
    return (await response.json()) as unknown;
  };
}
