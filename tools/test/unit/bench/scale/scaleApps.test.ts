import assert from "node:assert/strict";

import { appEntries } from "../../../../bench/scale/entries";
import { parseApps } from "../../../../bench/scale/program/apps";
import { isProblem } from "../../../../../test/unit/helpers/problems";

const image = "registry.example/django:1";

describe("the apps of the program that is scaled", () => {
  it("are names, which take the stack's image and one pod, or objects that say otherwise", () => {
    assert.deepEqual(parseApps('["shop", {"name": "blog", "image": "blog:2", "replicas": 3}]', image), [
      { name: "shop", image, replicas: 1 },
      { name: "blog", image: "blog:2", replicas: 3 },
    ]);
    assert.deepEqual(parseApps("[]"), []);
  });

  it("have to be a list", () => {
    const sentence = (shown: string): string =>
      `Config key "apps" ${shown}: allowed is a list of names, or of objects with name, image and replicas; run \`pulumi config set --path 'apps[0]' shop\`.`;
    assert.throws(() => parseApps(undefined, image), isProblem(sentence("is not set")));
    assert.throws(() => parseApps("shop", image), isProblem(sentence('is "shop"')));
    assert.throws(() => parseApps('{"name":"shop"}', image), isProblem(sentence('is "{"name":"shop"}"')));
  });

  const refused: { text: string; sentence: string }[] = [
    {
      text: '["shop", 3]',
      sentence: `Config key "apps[1]" is "3": allowed is a name or an object; run \`pulumi config set --path 'apps[0]' shop\`.`,
    },
    {
      text: '["shop", "Shop"]',
      sentence: `Config key "apps[1].name" is "Shop": allowed is a DNS label of at most 55 characters that begins with a letter; run \`pulumi config set --path 'apps[1].name' shop\`.`,
    },
    {
      text: '[{"image": "shop:1"}]',
      sentence: `Config key "apps[0].name" is not set: allowed is a DNS label of at most 55 characters that begins with a letter; run \`pulumi config set --path 'apps[0].name' shop\`.`,
    },
    {
      text: '[{"name": "shop", "image": "shop"}]',
      sentence: `Config key "apps[0].image" is "shop": allowed is an image reference with a tag; run \`pulumi config set --path 'apps[0].image' registry.example/shop:1\`.`,
    },
    {
      text: '[{"name": "shop", "replicas": 1.5}]',
      sentence: `Config key "apps[0].replicas" is "1.5": allowed is a whole number from 0 to 1000; run \`pulumi config set --path 'apps[0].replicas' 1\`.`,
    },
    {
      text: '["shop", "blog", "shop"]',
      sentence: `Config key "apps[2]" is "shop": allowed is a name that no other app has, and apps[0] has this one; run \`pulumi config set --path 'apps[2]' shop-2\`.`,
    },
  ];
  for (const { text, sentence } of refused) {
    it(`refuse ${text}`, () => {
      assert.throws(() => parseApps(text, image), isProblem(sentence));
    });
  }

  it("refuse a name whose Service's would be longer than a DNS label", () => {
    assert.equal(parseApps(JSON.stringify(["a".repeat(55)]), image).length, 1);
    assert.throws(() => parseApps(JSON.stringify(["a".repeat(56)]), image), /at most 55 characters/);
  });

  it("are as many as the bench asks for, all with one image or the first with another", () => {
    const reference = (version: number): string => `registry.example/django:00000000000${version}`;
    assert.deepEqual(appEntries(2, { image: 1 }), { image: reference(1), apps: ["app-0001", "app-0002"] });
    const { apps } = appEntries(2, { image: 1, firstImage: 2 });
    assert.deepEqual(apps, [{ name: "app-0001", image: reference(2) }, "app-0002"]);
    assert.equal(parseApps(JSON.stringify(appEntries(1000, { image: 1 }).apps), reference(1)).length, 1000);
  });
});
