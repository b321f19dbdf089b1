import execa from "execa";

/** What an image says of the processes that run it. */
export interface ImageFacts {
  /** A name or a uid; "root" where the image names none. */
  user: string;
  /** Uid of that user; undefined where the image does not tell. */
  userId: number | undefined;
  /** Folder that processes start in. */
  folder: string;
  /** CMD, in exec form; empty for none. */
  command: string[];
}

/** Asks for what an image says; undefined where that cannot be found out. */
export type AskImage = (image: string) => Promise<ImageFacts | undefined>;

/** Seconds that an answer may take. */
const answerSeconds = 20;

/** What prints the uid of an image's user. Nothing of the project runs for it, and it reaches nothing. */
export const uidCommand = (image: string): string[] => [
  "docker",
  "run",
  "--rm",
  "--network",
  "none",
  "--entrypoint",
  "id",
  image,
  "-u",
];

/** @param environment with what leads to the Docker daemon that has the images */
export function imageReader(environment: NodeJS.ProcessEnv): AskImage {
  const docker = async (...args: string[]): Promise<string | undefined> => {
    const options = { env: environment, extendEnv: false, reject: false, stdin: "ignore" } as const;
    const { exitCode, stdout } = await execa("docker", args, { ...options, timeout: answerSeconds * 1000 });
    return exitCode === 0 ? stdout.trim() : undefined;
  };
  return async (image) => {
    const config = await docker("image", "inspect", "--format", "{{json .Config}}", image);
    if (config === undefined) {
      return undefined;
    }
    const facts = readConfig(config);
    if (facts.userId !== undefined) {
      return facts;
    }
    const [, run = "", ...args] = uidCommand(image);
    const answer = await docker(run, "--pull", "never", ...args);
    return { ...facts, userId: answer !== undefined && /^\d+$/.test(answer) ? Number(answer) : undefined };
  };
}

interface Config {
  User?: string;
  WorkingDir?: string;
  Cmd?: string[] | null;
}

function readConfig(json: string): ImageFacts {
  const { User = "", WorkingDir = "", Cmd } = JSON.parse(json) as Config;
  const user = User.split(":")[0] || "root";
  const userId = user === "root" ? 0 : /^\d+$/.test(user) ? Number(user) : undefined;
  return { user, userId, folder: WorkingDir || "/", command: Cmd ?? [] };
}
