import assert from "node:assert/strict";

import { securityNote } from "../../../components/app/securityNote";

describe('What level "restricted" would refuse of an image', () => {
  const facts = { podSecurity: "baseline", runAsUser: undefined, dockerfile: "../shop/Dockerfile" } as const;
  const refused = 'which podSecurity "baseline" allows and "restricted" would refuse';

  for (const [user, note] of [
    ["root", `../shop/Dockerfile runs the image as root, ${refused}`],
    ["0", `../shop/Dockerfile runs the image as root, ${refused}`],
    ["app", `../shop/Dockerfile runs the image as app, a name in place of a uid, ${refused}`],
    [undefined, `../shop/Dockerfile has no USER: the image runs as its base image's, for most root, ${refused}`],
    ["10001", undefined],
  ] as const) {
    it(`is ${note === undefined ? "nothing" : "said"} for ${user ?? "no user"}`, () => {
      assert.equal(securityNote({ ...facts, user }), note);
    });
  }

  it("is nothing where the stack sets a uid, and where that level refuses the pods itself", () => {
    assert.equal(securityNote({ ...facts, user: "root", runAsUser: 1000 }), undefined);
    assert.equal(securityNote({ ...facts, user: "root", podSecurity: "restricted" }), undefined);
  });
});
