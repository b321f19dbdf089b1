import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { Problem } from "../../components/problem";
import { lastLine } from "../terminal/latestLine";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** A Chromium on PATH. Throws a `Problem` when there is none. */
export function findBrowser(): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const found = names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
  if (found === undefined) {
    throw new Problem(
      `No Chromium is on PATH (${names.join(", ")}), and the pictures are taken with one; run \`apt-get install chromium\`.`,
    );
  }
  return found;
}

/** Takes a picture of a page as a browser with a window of that size shows it. */
export async function photograph(
  browser: string,
  url: string,
  file: string,
  { width, height, profile }: { width: number; height: number; profile: string },
): Promise<void> {
  const flags = [
    "--headless",
    // Needed as root; the page is our own.
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
    throw new Error(`\`${path.basename(browser)} --screenshot\` failed: ${lastLine(stderr)}`);
  }
}
