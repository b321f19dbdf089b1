import { createRequire } from "node:module";

import { Command, CommanderError } from "commander";

import type { BenchOptions } from "./bench/bench";
import type { ScaleOptions } from "./bench/scale/options";
import type { PreviewOptions } from "./commands/preview/previewPullRequest";
import { LanguageHost } from "./pulumi/languageHost/languageHost";

// Each command loads its module when it runs: no other should wait for that, and `import()` would bypass ts-node.
const load = createRequire(__filename);

/** Runs one command of the project and sets the exit code: 0 for success, 1 for a failure, which is said in a sentence. */
export async function main(args: string[]): Promise<void> {
  const program = new Command("npm run").enablePositionalOptions().exitOverride().configureHelp({ helpWidth: 100 });
  program
    .command("up")
    .description("take app/ to a page served by Kubernetes and print its URL")
    .argument("[stack]", "dev, minikube, sandbox or a stack of yours; by default the first whose cluster answers")
    .action(async (stack?: string) => {
      // Before all else: what it does takes longest.
      const host = new LanguageHost();
      await (load("./commands/up") as typeof import("./commands/up")).up(stack, host);
    });
  program
    .command("watch")
    .description("as up, and again after each change of app/, of the stack's config and of the program")
    .argument("[stack]", "as for up")
    .action(async (stack?: string) => {
      await (load("./commands/watch/watch") as typeof import("./commands/watch/watch")).watch(stack);
    });
  program
    .command("down")
    .description("destroy a stack, and stop the embedded cluster if it was the stack's")
    .argument("[stack]", "as for up; by default the one that up would choose")
    .action(async (stack?: string) => {
      await (load("./commands/down") as typeof import("./commands/down")).down(stack);
    });
  program
    .command("manage")
    .description("run manage.py in a pod of a stack, such as createsuperuser")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("<arguments...>", "what follows manage.py")
    // Options are Django's.
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (stack: string, args: string[]) => {
      await (load("./commands/manage") as typeof import("./commands/manage")).manage(stack, args);
    });
  program
    .command("doctor")
    .description("say what of a stack is not well and what helps; exit code 1 if there is anything")
    .argument("[stack]", "as for up")
    .action(async (stack?: string) => {
      await (load("./commands/doctor/doctor") as typeof import("./commands/doctor/doctor")).doctor(stack);
    });
  program
    .command("prune")
    .description("list the images of this project that nothing uses any more")
    .argument("[stack]", "whose Docker daemon to look at; as for up")
    .option("--yes", "remove them")
    .action(async (stack: string | undefined, options: { yes?: boolean }) => {
      await (load("./commands/prune/prune") as typeof import("./commands/prune/prune")).prune(stack, options);
    });
  program
    .command("preview:pr")
    .description("write down what the working tree would change, against a base deployed to a throwaway stack")
    .requiredOption("--base <ref>", "branch, tag or hash to compare with")
    .option("--stack <name>", "as for up")
    .option("--output <file>", "where to write the Markdown; by default it is printed")
    .option("--expect-no-changes", "end with exit code 1 if there are changes")
    .action(async (options: PreviewOptions) => {
      await (
        load("./commands/preview/previewPullRequest") as typeof import("./commands/preview/previewPullRequest")
      ).previewPullRequest(options);
    });
  program
    .command("preview:comment")
    .description("write a summary of preview:pr as a comment on the pull request of a GitHub workflow's run")
    .requiredOption("--file <file>", "the summary")
    .action(async (options: { file: string }) => {
      await (load("./commands/preview/comment") as typeof import("./commands/preview/comment")).comment(options);
    });
  program
    .command("drift")
    .description("say what differs between the cluster and what the last up left there")
    .argument("[stack]", "as for up")
    .option("--restore", "put it back")
    .action(async (stack: string | undefined, options: { restore?: boolean }) => {
      await (load("./commands/drift/drift") as typeof import("./commands/drift/drift")).drift(stack, options);
    });
  program
    .command("docs:pictures")
    .description("make the documentation's pictures anew, from what really runs")
    .action(async () => {
      await (load("./pictures/pictures") as typeof import("./pictures/pictures")).pictures();
    });
  program
    .command("docs:config")
    .description("write the table of config keys in docs/configuration.md from Pulumi.yaml")
    .action(() => {
      (load("./commands/configTable") as typeof import("./commands/configTable")).writeConfigTable();
    });
  program
    .command("test")
    .description("run lint, type check, unit and integration tests")
    .action(async () => {
      await (load("./commands/test") as typeof import("./commands/test")).test();
    });
  program
    .command("bench")
    .description("measure the program against the same deployment by hand, on the embedded cluster")
    .option("--cluster <name>", "local, or isolated for one that is like minikube; by default local")
    .option("--builder <name>", "docker or docker-build; by default docker where its plugin can be had")
    .option("--rounds <number>", "how often each scenario is measured; by default 5")
    .option("--only <names>", "some of first,noop,edit,destroy; by default all, and the result is saved")
    .action(async (options: BenchOptions) => {
      await (load("./bench/bench") as typeof import("./bench/bench")).bench(options);
    });
  program
    .command("bench:scale")
    .description("measure how a stack grows with the number of its apps, on a cluster of fake nodes")
    .option("--sizes <numbers>", "numbers of apps; by default 1,10,100,1000, and docs/pictures/scale.svg is drawn")
    .option("--limit <minutes>", "minutes after which a command is ended; by default 20")
    .option("--variants <numbers>", "sizes at which other ways of a first up are measured, or none; by default 100")
    .action(async (options: ScaleOptions) => {
      await (load("./bench/scale/scale") as typeof import("./bench/scale/scale")).scale(options);
    });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode;
      return;
    }
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
