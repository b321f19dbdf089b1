import assert from "node:assert/strict";

import { chooseBuilder, parseCount, parseNames } from "../../../bench/bench";
import { scenarioNames } from "../../../bench/scenarioNames";
import { scenariosOfRound } from "../../../bench/scenarios";
import type { PluginState } from "../../../sandbox/install/install";

describe("a round of the bench", () => {
  it("runs every scenario, from nothing deployed to nothing deployed", () => {
    assert.deepEqual(scenariosOfRound(scenarioNames, false), ["first", "noop", "edit", "destroy"]);
  });

  it("deploys once, and only once, where the first up is not asked for", () => {
    assert.deepEqual(scenariosOfRound(["noop", "edit"], false), ["first", "noop", "edit"]);
    assert.deepEqual(scenariosOfRound(["noop", "edit"], true), ["noop", "edit"]);
  });

  it("removes everything after each first up, so that the next up is a first one, too", () => {
    assert.deepEqual(scenariosOfRound(["first"], false), ["first", "destroy"]);
  });
});

describe("the bench's options", () => {
  const plugins = (docker: PluginState): Parameters<typeof chooseBuilder>[1] => ({
    pulumi: {
      cli: { name: "pulumi", version: "3.0.0", folder: "/bin", source: "path" },
      plugins: { kubernetes: "installed", "docker-build": "installed", docker },
    },
  });

  it("keep the order of the scenarios, in whatever order they are named", () => {
    assert.deepEqual(parseNames("saves,edit,noop"), ["noop", "edit", "saves"]);
  });

  it("leave out the larger projects unless they are named", () => {
    assert.deepEqual(parseNames(), ["first", "noop", "edit", "destroy", "saves"]);
  });

  it("refuse a scenario that does not exist and name those that do", () => {
    assert.throws(() => parseNames("noop,deploy"), {
      message:
        '--only names "deploy": allowed are first, noop, edit, destroy, saves, saves-modules, saves-services, ' +
        "saves-branch; run `npm run bench -- --only noop,edit`.",
    });
  });

  it("refuse what is not a number of rounds or saves", () => {
    assert.equal(parseCount("rounds", "12"), 12);
    assert.throws(() => parseCount("rounds", "0"), {
      message: '--rounds is "0": allowed is a whole number from 1 to 99; run `npm run bench -- --rounds 5`.',
    });
    assert.throws(() => parseCount("saves", "many"), {
      message: '--saves is "many": allowed is a whole number from 1 to 99; run `npm run bench -- --saves 5`.',
    });
  });

  it("choose builder docker where its plugin is installed, and docker-build elsewhere", () => {
    assert.equal(chooseBuilder(undefined, plugins("installed")), "docker");
    assert.equal(chooseBuilder(undefined, plugins({ unavailable: "No." })), "docker-build");
  });

  it("say why a builder cannot be used", () => {
    assert.throws(() => chooseBuilder("docker", plugins({ unavailable: "It cannot be installed." })), {
      message: "It cannot be installed.",
    });
    assert.throws(() => chooseBuilder("kaniko", plugins("installed")), {
      message: '--builder is "kaniko": allowed are docker, docker-build; run `npm run bench -- --builder docker`.',
    });
  });
});
