import assert from "node:assert/strict";
import fs from "node:fs";

import type { CommandResult } from "../../../components/targets/commandRunner";
import { Minikube } from "../../../components/targets/minikube";
import type { MinikubeProfile } from "../../../components/targets/minikubeProfile";
import { temporaryFolder } from "../helpers/folders";
import { fakeHost } from "../helpers/host";
import { type ListedProfile, minikubeCommands, minikubeLines, profileList } from "../helpers/minikube";
import { isProblem } from "../helpers/problems";

const { list, dockerEnv, ip } = minikubeLines;
const profile: MinikubeProfile = {
  name: "minikube",
  driver: "docker",
  runtime: "docker",
  nodes: 1,
  address: "192.168.49.2",
  serverNames: [],
  serverPorts: [8443],
  network: "",
  publishedPorts: [],
};
const start = "run `minikube start -p minikube`.";
const mendRuntime =
  "allowed are docker, containerd, cri-o, crio; run `pulumi config set minikubeProfile NAME` for another one, or, if nothing in this one is needed, `minikube delete -p minikube` and `minikube start -p minikube --container-runtime docker`.";
const noProfile = (known: string): string =>
  `There is no minikube profile "minikube": ${known}; run \`minikube start -p minikube\`, or \`pulumi config set minikubeProfile NAME\`.`;

describe("minikube", () => {
  const folder = temporaryFolder();
  const answering = (answers: Record<string, Partial<CommandResult>>): Minikube =>
    new Minikube(fakeHost({ commands: answers }).run, "minikube");

  it("says of a profile what decides how it is used", async () => {
    assert.deepEqual(await answering(minikubeCommands()).read(), profile);
    const other = { driver: "kvm2", runtime: "containerd", nodes: 3, ports: ["30080:30080"] };
    assert.deepEqual(await answering(minikubeCommands(other)).read(), {
      ...profile,
      driver: "kvm2",
      runtime: "containerd",
      nodes: 3,
      publishedPorts: ["30080:30080"],
    });
  });

  for (const status of ["OK", "Running", "HAppy", "Degraded"]) {
    it(`may call a profile that runs ${status}`, async () => {
      assert.deepEqual(await answering(minikubeCommands({ status })).read(), profile);
    });
  }

  const refused: [what: string, answer: Partial<CommandResult> | undefined, message: string][] = [
    [
      "is not there",
      undefined,
      `\`${list}\` failed (not found); install minikube as https://minikube.sigs.k8s.io/docs/start says, then ${start}`,
    ],
    ["does not end", { exitCode: undefined, failure: "timed out" }, `\`${list}\` failed (timed out); ${start}`],
    [
      "has an error",
      { exitCode: 64, stdout: "{", stderr: "\nX Exiting\n* more\n" },
      `\`${list}\` failed (X Exiting); ${start}`,
    ],
    ["prints no JSON", { stdout: "* none" }, `\`${list}\` did not answer with JSON; run it to see what it says.`],
    ["prints null", { stdout: "null" }, `\`${list}\` did not answer with JSON; run it to see what it says.`],
    ["has no profile", { stdout: profileList() }, noProfile("there is none")],
    ["has null for profiles", { stdout: '{"valid":null}' }, noProfile("there is none")],
    ["has other profiles", { stdout: profileList({ name: "a" }, { name: "b" }) }, noProfile("there are a, b")],
    [
      "has stopped",
      { stdout: profileList({ status: "Stopped" }) },
      `The minikube profile "minikube" does not run (it is Stopped); ${start}`,
    ],
    [
      "pauses",
      { stdout: profileList({ status: "Paused" }) },
      'The minikube profile "minikube" does not run (it is Paused); run `minikube unpause -p minikube`.',
    ],
    [
      "says nothing of its state",
      { stdout: '{"valid":[{"Name":"minikube","Config":{}}]}' },
      `The minikube profile "minikube" does not run (it is unknown); ${start}`,
    ],
    [
      "is broken",
      { stdout: '{"invalid":[{"Name":"minikube","Status":"","Config":null}],"valid":[]}' },
      'The minikube profile "minikube" is broken; run `pulumi config set minikubeProfile NAME` for another one, or, if nothing in this one is needed, `minikube delete -p minikube` and `minikube start -p minikube`.',
    ],
    [
      "has an unknown runtime",
      { stdout: profileList({ runtime: "rkt" }) },
      `The minikube profile "minikube" has the container runtime "rkt": ${mendRuntime}`,
    ],
    [
      "says nothing of its runtime",
      { stdout: '{"valid":[{"Name":"minikube","Status":"OK","Config":{}}]}' },
      `The minikube profile "minikube" has the container runtime "": ${mendRuntime}`,
    ],
  ];
  for (const [what, answer, message] of refused) {
    it(`that ${what} is refused with what to do`, async () => {
      const minikube = answering(answer === undefined ? {} : { [list]: answer });
      await assert.rejects(minikube.read(), isProblem(message));
    });
  }

  it("tells a profile that is gone from one that has stopped", async () => {
    const isGone = async (...profiles: ListedProfile[]): Promise<boolean> =>
      await answering({ [list]: { stdout: profileList(...profiles) } }).isGone();
    assert.equal(await isGone(), true);
    assert.equal(await isGone({ name: "other" }), true);
    assert.equal(await isGone({ name: "other" }, { status: "Stopped" }), false);
  });

  it("that fails does not count as gone", async () => {
    const minikube = answering({ [list]: { exitCode: 1, stderr: "X Exiting" } });
    await assert.rejects(minikube.isGone(), isProblem(`\`${list}\` failed (X Exiting); ${start}`));
  });

  const config = (more: object): string =>
    JSON.stringify({ Driver: "docker", KubernetesConfig: { ContainerRuntime: "docker" }, Nodes: [{}], ...more });
  const looks: [expected: boolean, what: string, text: string][] = [
    [true, "docker's", config({})],
    [false, "containerd's", config({ KubernetesConfig: { ContainerRuntime: "containerd" } })],
    [false, "driver none's", config({ Driver: "none" })],
    [false, "several nodes'", config({ Nodes: [{}, {}] })],
    [false, "broken", "{"],
  ];
  for (const [expected, what, text] of looks) {
    it(`${expected ? "looks" : "does not look"} like one that shares its daemon when its file is ${what}`, () => {
      folder.write({ "home/.minikube/profiles/minikube/config.json": text });
      const minikube = answering({});
      assert.equal(minikube.looksShared({}, folder.path("home")), expected);
      assert.equal(minikube.looksShared({ MINIKUBE_HOME: folder.path("home") }, "/elsewhere"), expected);
      assert.equal(minikube.looksShared({ MINIKUBE_HOME: folder.path("home", ".minikube") }, "/elsewhere"), expected);
      assert.equal(minikube.looksShared({}, "/elsewhere"), false);
    });
  }

  it("names its Docker daemon, with certificates that can be read or without any", async () => {
    folder.write({ "ca.pem": "", "cert.pem": "", "key.pem": "" });
    const host = "tcp://192.168.49.2:2376";
    const withTls = answering(minikubeCommands({}, folder.path()));
    assert.deepEqual(await withTls.dockerEnv(), { host, certPath: folder.path() });
    assert.deepEqual(await answering(minikubeCommands()).dockerEnv(), { host });
  });

  for (const missing of ["ca.pem", "cert.pem", "key.pem"]) {
    it(`whose daemon's ${missing} is missing is refused with that file`, async () => {
      folder.write({ "ca.pem": "", "cert.pem": "", "key.pem": "" });
      fs.rmSync(folder.path(missing));
      await assert.rejects(
        answering(minikubeCommands({}, folder.path())).dockerEnv(),
        isProblem(
          `The Docker certificate ${folder.path(missing)} cannot be read; run \`minikube start -p minikube\` to write it again.`,
        ),
      );
    });
  }

  it("whose daemon's certificate is there and cannot be read is refused with that file", async () => {
    folder.write({ "ca.pem": "", "cert.pem": "" });
    fs.mkdirSync(folder.path("key.pem"));
    await assert.rejects(
      answering(minikubeCommands({}, folder.path())).dockerEnv(),
      isProblem(
        `The Docker certificate ${folder.path("key.pem")} cannot be read; run \`minikube start -p minikube\` to write it again.`,
      ),
    );
  });

  const answers: [line: string, answer: Partial<CommandResult>, message: string][] = [
    [
      dockerEnv,
      { exitCode: 85, stdout: "false exit code 85" },
      `\`${dockerEnv}\` failed (false exit code 85); ${start}`,
    ],
    [
      dockerEnv,
      {
        exitCode: 51,
        stderr: "! A warning\nX Exiting due to ENV_DRIVER_CONFLICT: no\n",
        stdout: "false exit code 51\n",
      },
      `\`${dockerEnv}\` failed (X Exiting due to ENV_DRIVER_CONFLICT: no); ${start}`,
    ],
    [dockerEnv, { stdout: "" }, `\`${dockerEnv}\` did not answer with JSON; run it to see what it says.`],
    [
      dockerEnv,
      { stdout: '{"DOCKER_CERT_PATH":"/certs"}' },
      `\`${dockerEnv}\` did not answer with a DOCKER_HOST; run \`minikube status -p minikube\`.`,
    ],
    [
      ip,
      { exitCode: 85, stdout: '* Profile "minikube" not found.\n' },
      `\`${ip}\` failed (* Profile "minikube" not found.); ${start}`,
    ],
    ...["", "192.168.49.2\n! minikube 1.40 is available", "minikube"].map(
      (stdout): [string, Partial<CommandResult>, string] => [
        ip,
        { stdout },
        `\`${ip}\` did not answer with an address; run \`minikube status -p minikube\`.`,
      ],
    ),
  ];
  for (const [line, answer, message] of answers) {
    it(`that answers \`${line}\` with ${JSON.stringify(answer.stdout)} is refused with what to do`, async () => {
      const minikube = answering({ [line]: answer });
      await assert.rejects(line === ip ? minikube.ip() : minikube.dockerEnv(), isProblem(message));
    });
  }
});
