import { shapes } from "../../projects/shapes";
import { Trial } from "../../projects/trial";
import { local } from "../../sandbox/cluster/kinds";
import { skip } from "./helpers/cluster";
import { Kubectl } from "./helpers/kubectl";

const all = process.env["TEST_PROJECTS"] === "all";

describe("a Django project in the hands of somebody who has just cloned this repository", function () {
  this.timeout(600_000);
  // The cluster would stop with the stack of each.
  const keeper = "projects";
  let kubectl: Kubectl;
  let trial: Trial | undefined;

  before(async () => {
    kubectl = await Kubectl.of(local);
    await kubectl.makeNamespace(keeper);
  });
  afterEach(async () => {
    await trial?.end();
    trial = undefined;
  });
  after(async () => {
    await kubectl.deleteNamespace(keeper);
  });

  for (const shape of shapes) {
    it(`is served with its form, its styles and its database: ${shape.name} (${shape.what})`, async function () {
      if (!all && shape.isQuick !== true) {
        skip(this, "it takes minutes; set TEST_PROJECTS=all");
      }
      trial = await Trial.create(shape);
      await trial.init();
      for (const isDebug of all ? [true, false] : [false]) {
        await trial.deploy(isDebug);
      }
    });
  }
});
