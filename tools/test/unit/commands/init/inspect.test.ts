import assert from "node:assert/strict";

import { inspect } from "../../../../commands/init/inspect";
import { locate } from "../../../../commands/init/locate";
import { inFolder } from "./folder";
import { manageFor } from "./settings/project";

describe("what init reads of a project", () => {
  it("is that of the manage.py that was found, and not of one that somebody else's code has below it", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "backend/manage.py": manageFor("shop.settings"),
      "backend/shop/settings.py": "DEBUG = False\n",
      "backend/vendor/demo/manage.py": manageFor("demo.settings"),
    };
    await inFolder(files, (folder) => {
      const { settings } = inspect(locate(folder), true);
      assert.deepEqual([settings.manageFolder, settings.settingsModule?.value], ["backend", "shop.settings"]);
    });
  });
});
