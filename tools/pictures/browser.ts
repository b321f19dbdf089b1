import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { Problem } from "../../components/problem";
import { lastLine } from "../terminal/latestLine";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The path of a Chromium on PATH. Throws a `Problem` when there is none. */
export function findBrowser(): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
  if (found === undefined) {
    throw new Problem(
      `Chromium, which takes the pictures, is not on PATH (${names.join(", ")})`,
      "run `apt-get install chromium`",
    );
  }
  return found;
}

/** Takes a picture of a page in a browser window of the given size. */
export async function photograph(
  browser: string,
  url: string,
  file: string,
  { width, height, profile }: { width: number; height: number; profile: string },
): Promise<void> {
  const flags = [
    "--headless",
    // Root needs this flag; only the project's own pages are opened.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1.5",
    "--virtual-time-budget=5000",
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    `--screenshot=${file}`,
  ];
  const { exitCode, stderr } = await execa(browser, [...flags, url], {
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
  });
  if (exitCode !== 0 || !fs.existsSync(file)) {
    throw new Problem(`\`${path.basename(browser)} --screenshot\` failed`, undefined, [lastLine(stderr)]);
  }
}
