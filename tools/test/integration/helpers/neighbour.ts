import execa from "execa";

import { run, tryRun } from "../../../sandbox/cluster/host";

const namespace = "kubernetes-django-neighbour";
const link = "neighbour0";
/** This machine's address in their network. */
const here = "198.51.100.1";
const prefix = ["nsenter", `--net=/var/run/netns/${namespace}`];

const script = `
const [host, port] = process.argv.slice(1);
const socket = require("node:net").connect({ host, port: Number(port) });
socket.setTimeout(700, () => { console.log("no answer"); socket.destroy(); });
socket.on("connect", () => { console.log("connected"); socket.destroy(); });
socket.on("error", ({ code }) => console.log(code));
`;

/** Another host on this machine's network, which sends through it whatever is for the networks that it was told of. */
export class Neighbour {
  private constructor(private readonly environment: NodeJS.ProcessEnv) {}

  static readonly here = here;

  /** @param networks what it has a route for */
  static async join(environment: NodeJS.ProcessEnv, networks: string[]): Promise<Neighbour> {
    const neighbour = new Neighbour(environment);
    await neighbour.leave();
    const inside = async (...command: string[]): Promise<string> => await run(environment, [...prefix, ...command]);
    await run(environment, ["ip", "netns", "add", namespace]);
    await run(environment, ["ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace]);
    await run(environment, ["ip", "address", "add", `${here}/24`, "dev", link]);
    await run(environment, ["ip", "link", "set", link, "up"]);
    await inside("ip", "address", "add", "198.51.100.2/24", "dev", "eth0");
    await inside("ip", "link", "set", "eth0", "up");
    // Otherwise it would not send packets for a loopback address.
    await inside("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet");
    for (const network of networks) {
      await inside("ip", "route", "add", network, "via", here);
    }
    return neighbour;
  }

  /** Whether it connects, or why not. */
  async connect(host: string, port: number): Promise<string> {
    const command = [process.execPath, "--eval", script, host, String(port)];
    const { stdout } = await execa(prefix[0] ?? "", [...prefix.slice(1), ...command], { env: this.environment });
    return stdout;
  }

  async leave(): Promise<void> {
    await tryRun(this.environment, ["ip", "link", "delete", link]);
    await tryRun(this.environment, ["ip", "netns", "delete", namespace]);
  }
}
