import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import { pulumiCommand, pulumiFailed } from "../pulumi/cli";
import { errorsIn } from "../pulumi/errorText";
import { whichCluster } from "../stack/kubeContext";
import { prepareTarget } from "../stack/session";
import { StackConfig } from "../stack/stackConfig";
import { Problem } from "../../components/problem";
import { captured, lastLines } from "../terminal/captured";
import { type Cleanup, withCleanup } from "../terminal/cleanup";
import { removeImages } from "../commands/preview/throwawayStack";
import { isRunning, stopUnlessUsed } from "../sandbox/cluster/cluster";
import { local } from "../sandbox/cluster/kinds";
import { step } from "../terminal/progress";
import { findBrowser, photograph } from "./browser";
import { commentPage } from "./commentPage";
import { outputOf, record, Recorded } from "./record";
import { recordingAsSvg, screenAsSvg } from "./terminalSvg";

const folder = path.resolve("docs", "pictures");
const stack = "sandbox";
const name = "pictures";

/** Makes the pictures of the documentation from a real deployment: a checkout of HEAD on the embedded cluster. */
export async function pictures(): Promise<void> {
  const browser = findBrowser();
  const wasRunning = await isRunning(local);
  const needs = { images: [], builder: undefined };
  const { environment: prepared } = await prepareTarget("sandbox", whichCluster(StackConfig.of(stack)), needs);
  await withCleanup(async (cleanup) => {
    const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubernetes-django-pictures-"));
    cleanup.atEnd(`the folder ${temporary}`, () => {
      fs.rmSync(temporary, { recursive: true, force: true });
    });
    if (!wasRunning) {
      cleanup.atEnd("the embedded cluster", async () => {
        await stopUnlessUsed(local);
      });
    }
    const checkout = await checkOut(cleanup, temporary);
    const environment = newcomer(prepared, temporary);
    cleanup.atEnd(`namespace ${name}`, async () => {
      await step("Destroying the stack", async () => {
        await destroy(checkout, environment);
        await removeImages([name], temporary, prepared);
      });
    });
    const url = await step("docs/pictures/up.svg", async () => await pictureOfUp(checkout, environment));
    await step("docs/pictures/watch.svg", async () => {
      await pictureOfWatch(checkout, environment);
    });
    const view = { profile: path.join(temporary, "browser"), width: 1000 };
    await step("docs/pictures/page.png", async () => {
      await photograph(browser, url, path.join(folder, "page.png"), { ...view, height: 640 });
    });
    await step("docs/pictures/pull-request.png", async () => {
      const page = path.join(temporary, "comment.html");
      fs.writeFileSync(page, commentPage(await summaryOfEdit(checkout, environment)));
      const file = path.join(folder, "pull-request.png");
      await photograph(browser, pathToFileURL(page).href, file, { ...view, height: 860 });
    });
  });
}

/** A checkout in which the stack has its own namespace. */
async function checkOut(cleanup: Cleanup, temporary: string): Promise<string> {
  const checkout = path.join(temporary, "kubernetes-django");
  const run = async (...command: [string, ...string[]]): Promise<void> => {
    const [file, ...args] = command;
    const { exitCode, output } = await cleanup.run(file, args, { folder: temporary, environment: process.env });
    if (exitCode !== 0) {
      throw new Problem(`\`${command.join(" ")}\` failed`, undefined, lastLines(output, 5));
    }
  };
  await run("git", "clone", "--quiet", process.cwd(), checkout);
  fs.symlinkSync(fs.realpathSync("node_modules"), path.join(checkout, "node_modules"), "dir");
  fs.appendFileSync(path.join(checkout, ".git", "info", "exclude"), "node_modules\n");
  const config = ["namespace", "imageRepository"].map((key) => `  kubernetes-django:${key}: ${name}\n`);
  fs.appendFileSync(path.join(checkout, `Pulumi.${stack}.yaml`), config.join(""));
  const identity = ["-c", "user.name=Pictures", "-c", "user.email=pictures@localhost"];
  await run("git", "-C", checkout, ...identity, "commit", "--quiet", "--all", "--message", "Name the namespace");
  return checkout;
}

/** The environment of a user without a Pulumi login, with the plugins that are installed. */
function newcomer(environment: NodeJS.ProcessEnv, temporary: string): NodeJS.ProcessEnv {
  const home = path.join(temporary, "pulumi");
  const own = process.env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi");
  fs.mkdirSync(home);
  fs.symlinkSync(path.join(own, "plugins"), path.join(home, "plugins"), "dir");
  const others = Object.entries(environment).filter(([key]) => !/^(PULUMI_|DOCKER_|GITHUB_|npm_)/.test(key));
  return { ...Object.fromEntries(others), PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

async function pictureOfUp(checkout: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const typed = `npm run up -- ${stack}`;
  // Without npm's own lines, which repeat the script.
  const recording = await record(`npm --silent run up -- ${stack}`, { folder: checkout, environment });
  const output = outputOf(recording);
  const url = /^(http:\/\/\S+)\s*$/m.exec(output)?.[1];
  if (recording.exitCode !== 0 || url === undefined) {
    throw new Problem(`\`${typed}\` failed`, undefined, lastLines(output, 20));
  }
  fs.writeFileSync(path.join(folder, "up.svg"), await screenAsSvg(typed, recording));
  return url;
}

/** Saves that are brought to the page, one of which cannot be imported. */
async function pictureOfWatch(checkout: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const recorded = new Recorded(`npm --silent run watch -- ${stack}`, { folder: checkout, environment });
  const save = async (file: string, from: string, to: string, told: string): Promise<void> => {
    await setTimeout(2000);
    edit(checkout, file, from, to);
    await recorded.until(told);
  };
  const [template, views] = ["app/templates/index.html", "app/config/views.py"];
  await recorded.until("Ctrl-C ends it");
  await save(template, "</h1>", "!</h1>", "shown from now on");
  await save(views, "import os", "import os\nimport re", "started again");
  await save(views, "import re", "import er", "ModuleNotFoundError");
  await save(views, "import er\n", "", "started again");
  await setTimeout(1500);
  recorded.interrupt();
  const recording = await recorded.recording();
  if (recording.exitCode !== 0) {
    throw new Problem("`npm run watch` failed", undefined, lastLines(outputOf(recording), 20));
  }
  fs.writeFileSync(path.join(folder, "watch.svg"), await recordingAsSvg(`npm run watch -- ${stack}`, recording));
}

/** Replaces the first occurrence of a text in a file of the checkout. */
function edit(checkout: string, file: string, from: string, to: string): void {
  const absolute = path.join(checkout, file);
  const text = fs.readFileSync(absolute, "utf8");
  if (!text.includes(from)) {
    throw new Problem(
      `${file} does not contain "${from}", which is edited for the picture`,
      "name another text in tools/pictures/pictures.ts",
    );
  }
  fs.writeFileSync(absolute, text.replace(from, to));
}

async function summaryOfEdit(checkout: string, environment: NodeJS.ProcessEnv): Promise<string> {
  edit(checkout, "app/templates/index.html", "</title>", " (edited)</title>");
  edit(checkout, `Pulumi.${stack}.yaml`, "config:\n", 'config:\n  kubernetes-django:replicas: "3"\n');
  edit(
    checkout,
    "components/app/djangoApp.ts",
    "metadata: metadata({ name }), automount",
    'metadata: metadata({ name: "django" }), automount',
  );
  const args = [
    "--silent",
    "run",
    "preview:pr",
    "--",
    "--base",
    "HEAD",
    "--stack",
    stack,
    "--output",
    ".local/summary.md",
  ];
  const { exitCode, output } = await captured("npm", args, { folder: checkout, environment });
  if (exitCode !== 0) {
    throw new Problem("`npm run preview:pr` failed", undefined, lastLines(output, 20));
  }
  const summary = fs.readFileSync(path.join(checkout, ".local", "summary.md"), "utf8");
  // The picture shows the usual name.
  return summary.replaceAll(`\`${name}:`, "`kubernetes-django:");
}

/** Destroys the stack without `npm run down`, which would stop a cluster that was running before. */
async function destroy(checkout: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const local = path.join(checkout, ".local");
  const backend = {
    PULUMI_BACKEND_URL: pathToFileURL(local).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: path.join(local, "passphrase"),
  };
  const command = ["destroy", "--yes", "--skip-preview"];
  const call = {
    folder: checkout,
    environment: { ...environment, ...backend },
    stack,
    configFile: path.join(local, `Pulumi.${stack}.yaml`),
  };
  const destroyed = await captured(...pulumiCommand(command, call));
  if (destroyed.exitCode !== 0) {
    throw pulumiFailed(command, call, errorsIn(destroyed));
  }
}
