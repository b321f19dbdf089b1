import path from "node:path";

import { shellWord } from "../../../components/advice";
import { someCommand } from "../../app/configKey";
import { type Need, type Rule, set, setOwn } from "./need";
import type { Run } from "./run";

const unixLineEnds = (file: string): string =>
  `save it with the line ends of Unix, such as with \`sed -i 's/\\r$//' ${shellWord(file)}\`, and have git keep them with \`*.sh text eol=lf\` in .gitattributes`;

/** Why a container's command does not start, in the words of runc and of shells. */
export const startRules: readonly Rule[] = [
  [/exec: \\?"([^"\\]+)\\?": executable file not found in \$PATH/, ([, name = ""], { run }) => notOnPath(name, run)],
  [
    /exec: \\?"([^"\\]+)\\?": (?:stat \S+: )?no such file or directory/,
    ([, file = ""], { run }) => ({
      detail: `the image has no ${file}`,
      nextStep: `let the Dockerfile copy it there (.dockerignore may leave it out), or ${anotherCommand(run)}`,
    }),
  ],
  [
    /exec: \\?"([^"\\]+)\\?": permission denied|exec (\/\S+): permission denied/,
    ([, quoted, file = quoted ?? ""]) => ({
      detail: `${file} may not be executed`,
      nextStep: `make the project's ${path.posix.basename(file)} executable with \`chmod +x\`, or add \`RUN chmod a+rx ${shellWord(file)}\` to the Dockerfile, before its USER`,
    }),
  ],
  [
    /exec (\/\S+): no such file or directory|exec user process caused: no such file or directory/,
    ([, file = ""]) => noInterpreter(file),
  ],
  [
    /exec (\/\S+): exec format error|exec user process caused: exec format error|exec format error/,
    ([, file = ""]) => wrongFormat(file),
  ],
  // Shells and env, which take the carriage return for part of a name.
  [
    /(?:^|\s)([^\s:]+): (?:line )?\d+:.*\r|env: .*\\r|\\r': command not found|Illegal option -\s*\r?$/,
    ([, file]) => ({
      detail: `${file ?? "a script"} has the line ends of Windows`,
      nextStep: unixLineEnds(file === undefined ? "FILE" : path.posix.basename(file)),
    }),
  ],
  [
    /^[^\s:]*(?:sh|entrypoint|start|run|boot|release|command)[^\s:]*: (?:exec: )?(?:line )?(?:\d+: )?(?:exec: )?([\w./+-]+): (?:command )?not found$/,
    ([, name = ""], { run }) => notOnPath(name, run),
  ],
  [
    /can't open file '([^']+)': \[Errno 2\]/,
    ([, file = ""], { run }) => ({
      detail: `the image has no ${file}`,
      nextStep:
        run.releases !== "no"
          ? `run ${set("release 'python FOLDER/manage.py migrate --noinput'")} with the folder that has manage.py, or ${set("release none")}`
          : `let the command name the file from the image's WORKDIR, such as with ${setOwn(run, "command", `python FOLDER/${path.posix.basename(file)}`)}`,
    }),
  ],
];

function notOnPath(name: string, run: Run): Need {
  if (name.includes(" ")) {
    const words = name.split(/\s+/).map((word) => JSON.stringify(word));
    return {
      detail: `the image has no program whose name is "${name}", with blanks`,
      nextStep: `let each word stand by itself, as in CMD [${words.join(", ")}], or run ${setOwn(run, "command", name)}`,
    };
  }
  return {
    detail: `the image has no program ${name} on its PATH`,
    nextStep: `let the Dockerfile install ${name}, or ${anotherCommand(run)}`,
  };
}

const anotherCommand = (run: Run): string =>
  run.releases === "alone" ? `run ${set("release 'COMMAND'")}` : `run ${setOwn(run, "command", someCommand)}`;

/** The kernel does not find what a script names in its first line, and says so of the script. */
function noInterpreter(file: string): Need {
  const name = file === "" ? "its script" : file;
  return {
    detail: `the program that the first line of ${name} names is not in the image`,
    nextStep: `${unixLineEnds(file === "" ? "FILE" : path.posix.basename(file))} if it comes from Windows, else let the first line name a shell that the image has, such as #!/bin/sh`,
  };
}

function wrongFormat(file: string): Need {
  if (/\.\w+$|entrypoint|start/.test(file)) {
    return {
      detail: `the first line of ${file} names no program that runs it`,
      nextStep: "let it begin with #!/bin/sh",
    };
  }
  return {
    detail: "the image is built for another processor than the node's",
    nextStep:
      "build it for the node's, with `pulumi config rm platform` or such as with `pulumi config set platform linux/amd64`",
  };
}
