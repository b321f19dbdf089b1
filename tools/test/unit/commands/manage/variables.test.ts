import assert from "node:assert/strict";

import { djangoVariables } from "../../../../commands/manage/variables";

describe("The variables that reach manage.py in a pod", () => {
  it("are those that Django's commands read", () => {
    assert.deepEqual(
      djangoVariables({ DJANGO_SUPERUSER_PASSWORD: "a b", DJANGO_SUPERUSER_EMAIL: "", PATH: "/bin", MY_DJANGO_X: "1" }),
      { DJANGO_SUPERUSER_PASSWORD: "a b", DJANGO_SUPERUSER_EMAIL: "" },
    );
  });

  it("are not which settings the pod has", () => {
    assert.deepEqual(djangoVariables({ DJANGO_SETTINGS_MODULE: "config.mine" }), {});
  });
});
