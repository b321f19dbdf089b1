import execa from "execa";

import { request } from "../../components/http";
import { Problem } from "../../components/problem";
import { placeOf, readTls } from "../../components/targets/endpoints";
import type { DaemonImage } from "../commands/prune/unused";
import { lastLine } from "../terminal/latestLine";
import { daemonIn } from "./daemonWatch";

const timeoutSeconds = 10;

/** The docker CLI on one daemon. */
export class Daemon {
  /** @param environment with what leads to the daemon, see `dockerVariables` */
  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** Every image that has a name. */
  async images(): Promise<DaemonImage[]> {
    const format = "{{json .}}";
    const lines = await this.lines("image", "ls", "--no-trunc", "--format", format);
    return lines
      .map((line) => JSON.parse(line) as Record<"Repository" | "Tag" | "ID" | "CreatedSince" | "Size", string>)
      .filter(({ Repository, Tag }) => Repository !== "<none>" && Tag !== "<none>")
      .map(({ Repository, Tag, ID, CreatedSince, Size }) => ({
        reference: `${Repository}:${Tag}`,
        id: ID,
        age: CreatedSince,
        size: Size,
      }));
  }

  /** Whether it has an image; undefined where it does not say. */
  async has(reference: string): Promise<boolean | undefined> {
    const address = daemonIn(this.environment);
    if (address === undefined) {
      const { exitCode, stderr } = await this.run(["image", "inspect", "--format", "{{.Id}}", reference]);
      return exitCode === 0 ? true : /No such image/i.test(stderr) ? false : undefined;
    }
    // To start the docker CLI takes ten times as long.
    const tls = readTls(address);
    const options = { ...placeOf(address.host, tls), path: `/images/${encodeURI(reference)}/json`, agent: false };
    const asked = request(options, { isSecure: "ca" in tls, timeoutSeconds }).catch(() => undefined);
    return { 200: true, 404: false }[(await asked)?.status ?? 0];
  }

  /** Image ids to the containers made from them, running or not. */
  async containers(): Promise<Map<string, string[]>> {
    const ids = await this.lines("ps", "--all", "--quiet", "--no-trunc");
    const found = new Map<string, string[]>();
    if (ids.length === 0) {
      return found;
    }
    // One that ends in between is not there to be inspected.
    const { stdout } = await this.run(["container", "inspect", "--format", "{{.Image}} {{.Name}}", ...ids]);
    for (const line of stdout.split("\n").filter((each) => each !== "")) {
      const [id = "", name = ""] = line.split(" ");
      found.set(id, [...(found.get(id) ?? []), `container ${name.replace(/^\//, "")}`]);
    }
    return found;
  }

  /** Takes a name off an image, and deletes it with its last name. Resolves to why not when a container uses it. */
  async remove(reference: string): Promise<string | undefined> {
    const { exitCode, stderr } = await this.run(["image", "rm", reference]);
    return exitCode === 0 ? undefined : stderr.trim().replace(/^Error response from daemon: /, "");
  }

  private async lines(...args: string[]): Promise<string[]> {
    const { exitCode, stdout, stderr } = await this.run(args);
    if (exitCode !== 0) {
      const said = lastLine(stderr);
      throw new Problem(`\`docker ${args.slice(0, 2).join(" ")}\` failed: ${said || "docker is not on PATH"}`);
    }
    return stdout.split("\n").filter((line) => line !== "");
  }

  private async run(args: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
    const options = { env: this.environment, extendEnv: false, reject: false, stdin: "ignore" } as const;
    return await execa("docker", args, options);
  }
}
