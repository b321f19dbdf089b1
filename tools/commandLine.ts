import { createRequire } from "node:module";

import { Command } from "commander";

import type { AppOption } from "./app/onApp";
import type { BenchOptions } from "./bench/bench";
import type { ScaleOptions } from "./bench/scale/options";
import type { BackupOptions } from "./commands/db/backup";
import type { RestoreOptions } from "./commands/db/restore";
import type { UpgradeOptions } from "./commands/db/upgrade";
import type { EnvOptions } from "./commands/env/env";
import type { ForwardOptions } from "./commands/forward/forward";
import type { InitOptions } from "./commands/init/init";
import type { LogsOptions } from "./commands/logs/logs";
import type { PreviewOptions } from "./commands/preview/previewPullRequest";
import type { WatchOptions } from "./commands/watch/options";
import type { ProjectsOptions } from "./projects/projects";

// Each command loads its module when it runs, so that no other command waits for it; `import()` would bypass the loader.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- only the caller knows the module
const load = createRequire(__filename) as <Module>(path: string) => Module;

const appOption = ["--app <name>", "another app of the stack than the first, by its name in index.ts"] as const;
const stackChoice = "dev, minikube, sandbox or a stack of yours; by default the first whose cluster answers";

/**
 * The commands of `npm run`. A new one is declared here and has a script in package.json that runs bootstrap.mjs with
 * its name.
 */
export function commandLine(): Command {
  const program = new Command("npm run").enablePositionalOptions().exitOverride().configureHelp({ helpWidth: 100 });
  program
    .command("up")
    .description("deploy app/ to Kubernetes and print the URL of its page")
    .argument("[stack]", stackChoice)
    .action(async (stack?: string) => {
      const { LanguageHost } = load<typeof import("./pulumi/languageHost/languageHost")>(
        "./pulumi/languageHost/languageHost",
      );
      // Loading Pulumi takes longest, so the host starts before everything else.
      const host = new LanguageHost();
      await load<typeof import("./commands/up")>("./commands/up").up(stack, host);
    });
  program
    .command("watch")
    .description(
      "do as up, bring each save of an app to its running pods, and show their logs; deploy those of other apps",
    )
    .argument("[stack]", "as for up")
    .option("--only <name>", "show the log of web, a process, a schedule, redis or database alone")
    .option("--debugger", "let a debugger attach to the web process at localhost:5678")
    .option(...appOption)
    .action(async (stack: string | undefined, options: WatchOptions) => {
      await load<typeof import("./commands/watch/watch")>("./commands/watch/watch").watch(stack, options);
    });
  program
    .command("down")
    .description("destroy a stack, and stop the embedded cluster with its last stack")
    .argument("[stack]", "as for up; by default the one that up would choose")
    .action(async (stack?: string) => {
      await load<typeof import("./commands/down/down")>("./commands/down/down").down(stack);
    });
  program
    .command("logs")
    .description("show the logs of what a stack runs, and follow them")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("[name]", "web, a process, a schedule, release, redis or database; by default all that run your image")
    .option("--tail <lines>", "lines of each container that are shown first, or all", "20")
    .option("--no-follow", "end after the lines that are there")
    .option("--previous", "the logs of the containers before their last restart")
    .option("--no-prefix", "lines without the name of their pod")
    .option(...appOption)
    .action(async (stack: string, name: string | undefined, options: LogsOptions) => {
      await load<typeof import("./commands/logs/logs")>("./commands/logs/logs").logs(stack, name, options);
    });
  program
    .command("shell")
    .description("open a shell in a pod of a stack")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("[process]", "a process of the stack; by default web")
    .option(...appOption)
    .action(async (stack: string, process: string | undefined, options: AppOption) => {
      await load<typeof import("./commands/shell")>("./commands/shell").shell(stack, process, options);
    });
  program
    .command("forward")
    .description("reach a port of what a stack runs on 127.0.0.1, through replaced pods, until Ctrl-C")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("<name>", "web, a process, database or redis")
    .argument("[port]", "PORT, or LOCAL:PORT for another one of this machine; by default the port that config gives it")
    .option("--show-url", "print the URL of database or redis with its password")
    .option(...appOption)
    .action(async (stack: string, name: string, port: string | undefined, options: ForwardOptions) => {
      const { forward } = load<typeof import("./commands/forward/forward")>("./commands/forward/forward");
      await forward(stack, name, port, options);
    });
  program
    .command("schedule")
    .description("run a schedule of a stack now, and show its log")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("<name>", "the schedule")
    .option(...appOption)
    .action(async (stack: string, name: string, options: AppOption) => {
      const { schedule } = load<typeof import("./commands/schedule/schedule")>("./commands/schedule/schedule");
      await schedule(stack, name, options);
    });
  program
    .command("manage")
    .description("run manage.py in a pod of a stack, for example createsuperuser or makemigrations")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument(
      "<arguments...>",
      "what follows manage.py; first --in NAME for another process than web, --app NAME for another app, --write if it writes sources",
    )
    // Options are Django's.
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (stack: string, args: string[]) => {
      await load<typeof import("./commands/manage/manage")>("./commands/manage/manage").manage(stack, args);
    });
  program
    .command("init")
    .description("find what a Django project needs and write it into a stack's file, with a Dockerfile if it has none")
    .argument("<folder>", "the project's folder, in this checkout or beside it")
    .option("--stack <name>", "as for up")
    .option(...appOption)
    .option("--dry-run", "print what was found and write nothing")
    .option("--force", "replace what the stack's file says otherwise")
    .action(async (folder: string, options: InitOptions) => {
      await load<typeof import("./commands/init/init")>("./commands/init/init").init(folder, options);
    });
  program
    .command("env")
    .description("take the variables of a .env file over into a stack's file, secrets encrypted")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .requiredOption("--from <file>", "the .env file")
    .option("--dry-run", "print what would be set and write nothing")
    .option(...appOption)
    .action(async (stack: string, options: EnvOptions) => {
      await load<typeof import("./commands/env/env")>("./commands/env/env").env(stack, options);
    });
  program
    .command("db:backup")
    .description("write the database of a stack into a file")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("<file>", "the file to write")
    .option("--media", "write the uploads into FILE.media.tar.gz, too")
    .option(...appOption)
    .action(async (stack: string, file: string, options: BackupOptions) => {
      await load<typeof import("./commands/db/backup")>("./commands/db/backup").backup(stack, file, options);
    });
  program
    .command("db:restore")
    .description("replace the database of a stack by a backup, as a whole or not at all")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .argument("<file>", "what db:backup or pg_dump --format=custom wrote")
    .option("--force", "replace a database that is not empty")
    .option("--media", "replace the uploads by FILE.media.tar.gz, too")
    .option(...appOption)
    .action(async (stack: string, file: string, options: RestoreOptions) => {
      await load<typeof import("./commands/db/restore")>("./commands/db/restore").restore(stack, file, options);
    });
  program
    .command("db:upgrade")
    .description("copy the data of a stack's Postgres to the version that its config names, and update the stack")
    .argument("<stack>", "dev, minikube, sandbox or a stack of yours")
    .option("--remove-old", "remove the data of earlier versions, which stays until then")
    .option(...appOption)
    .action(async (stack: string, options: UpgradeOptions) => {
      await load<typeof import("./commands/db/upgrade")>("./commands/db/upgrade").upgrade(stack, options);
    });
  program
    .command("kubectl")
    .description("run kubectl on the cluster and in the namespace of a stack")
    .argument("<arguments...>", "what follows kubectl, and --stack NAME for another stack than up would choose")
    // Options, --help among them, are kubectl's.
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => {
      await load<typeof import("./commands/kubectl")>("./commands/kubectl").kubectl(args);
    });
  program
    .command("pulumi")
    .description("run the Pulumi CLI that up uses, with the backend and the passphrase of a stack")
    .argument("[arguments...]", "what follows pulumi; without --stack NAME, the stack is the one that up would choose")
    // Options, --help among them, are Pulumi's.
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => {
      await load<typeof import("./commands/pulumi/pulumi")>("./commands/pulumi/pulumi").pulumi(args);
    });
  program
    .command("doctor")
    .description("check everything that a stack depends on; exit code 1 if a check fails")
    .argument("[stack]", "as for up")
    .action(async (stack?: string) => {
      await load<typeof import("./commands/doctor/doctor")>("./commands/doctor/doctor").doctor(stack);
    });
  program
    .command("prune")
    .description("list the images of this project that nothing uses any more")
    .argument("[stack]", "the stack whose Docker daemon is searched; as for up")
    .option("--yes", "remove them")
    .action(async (stack: string | undefined, options: { yes?: boolean }) => {
      await load<typeof import("./commands/prune/prune")>("./commands/prune/prune").prune(stack, options);
    });
  program
    .command("preview:pr")
    .description("print as Markdown what the working tree would change, compared with a base in a throwaway stack")
    .requiredOption("--base <ref>", "branch, tag or hash to compare with")
    .option("--stack <name>", "as for up")
    .option("--output <file>", "write the Markdown to a file instead of standard output")
    .option("--expect-no-changes", "end with exit code 1 if there are changes")
    .action(async (options: PreviewOptions) => {
      const { previewPullRequest } = load<typeof import("./commands/preview/previewPullRequest")>(
        "./commands/preview/previewPullRequest",
      );
      await previewPullRequest(options);
    });
  program
    .command("preview:comment")
    .description("write a summary of preview:pr as a comment on the pull request of a GitHub workflow run")
    .requiredOption("--file <file>", "the summary")
    .action(async (options: { file: string }) => {
      await load<typeof import("./commands/preview/comment")>("./commands/preview/comment").comment(options);
    });
  program
    .command("drift")
    .description("list what differs between the cluster and the last up; exit code 1 if anything does")
    .argument("[stack]", "as for up")
    .option("--restore", "undo the differences")
    .action(async (stack: string | undefined, options: { restore?: boolean }) => {
      await load<typeof import("./commands/drift/drift")>("./commands/drift/drift").drift(stack, options);
    });
  program
    .command("docs:pictures")
    .description("make the pictures of the documentation from a real deployment")
    .action(async () => {
      await load<typeof import("./pictures/pictures")>("./pictures/pictures").pictures();
    });
  program
    .command("docs:config")
    .description("write the table of config keys in docs/configuration.md from Pulumi.yaml")
    .action(() => {
      load<typeof import("./commands/configTable")>("./commands/configTable").writeConfigTable();
    });
  program
    .command("test")
    .description("run lint, type check, unit and integration tests")
    .action(async () => {
      await load<typeof import("./commands/test/test")>("./commands/test/test").test();
    });
  program
    .command("test:projects")
    .description("take the Django projects of test/projects/ from init to a page on the embedded cluster")
    .argument("[names...]", "folders in test/projects/; by default all")
    .option("--cold", "empty the cache of Docker builds before each")
    .action(async (names: string[], options: ProjectsOptions) => {
      await load<typeof import("./projects/projects")>("./projects/projects").projects(names, options);
    });
  program
    .command("bench")
    .description("measure the program against the same deployment by hand, on the embedded cluster")
    .option("--cluster <name>", "local, or isolated for one that is like minikube; by default local")
    .option("--builder <name>", "docker or docker-build; by default docker where its plugin can be installed")
    .option("--rounds <number>", "how often each scenario is measured; by default 5")
    .option("--saves <number>", "how often each file is saved while a command watches; by default 10")
    .option(
      "--only <names>",
      "some of first,noop,edit,destroy and saves,saves-modules,saves-services,saves-branch; by default the first five, and the result is saved",
    )
    .action(async (options: BenchOptions) => {
      await load<typeof import("./bench/bench")>("./bench/bench").bench(options);
    });
  program
    .command("bench:scale")
    .description("measure how the times grow with the number of apps in a stack, on a cluster of fake nodes")
    .option("--sizes <numbers>", "numbers of apps; by default 1,10,100,1000, and docs/pictures/scale.svg is drawn")
    .option("--limit <minutes>", "minutes after which a command is ended; by default 20")
    .option("--variants <numbers>", "sizes at which other ways of a first up are measured, or none; by default 100")
    .action(async (options: ScaleOptions) => {
      await load<typeof import("./bench/scale/scale")>("./bench/scale/scale").scale(options);
    });
  for (const command of program.commands) {
    command.showHelpAfterError(`Run \`npm run ${command.name()} -- --help\` to see its arguments and options.`);
  }
  return program;
}
