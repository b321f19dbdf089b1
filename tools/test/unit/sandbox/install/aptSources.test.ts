import assert from "node:assert/strict";

import { chooseMirror, debUris } from "../../../../sandbox/install/aptSources";

describe("the mirror of Debian's packages", () => {
  it("is looked for in one-line sources, options and comments passed over", () => {
    const text = `# deb http://commented.example/debian trixie main
deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/debian/ trixie main
deb-src http://sources.example/debian trixie main
deb cdrom:[Debian]/ trixie main
deb http://deb.debian.org/debian trixie main contrib
`;
    assert.deepEqual(debUris(text), ["https://mirror.example/debian", "http://deb.debian.org/debian"]);
  });

  it("is looked for in stanzas, those that are off or of source packages passed over", () => {
    const text = `Types: deb deb-src
# URIs: http://commented.example/debian
URIs: http://a.example/debian
 http://b.example/debian
Suites: trixie

Types: deb
Enabled: no
URIs: http://off.example/debian

Types: deb-src
URIs: http://sources.example/debian
`;
    assert.deepEqual(debUris(text), ["http://a.example/debian", "http://b.example/debian"]);
  });

  it("is the first that has every release", async () => {
    const there = [
      "http://half.example/dists/one/InRelease",
      "http://full.example/dists/one/InRelease",
      "http://full.example/dists/two/InRelease",
    ];
    const uris = ["http://none.example", "http://half.example", "http://full.example"];
    const isThere = (url: string): Promise<boolean> => Promise.resolve(there.includes(url));
    assert.equal(await chooseMirror(["one", "two"], uris, isThere), "http://full.example");
  });

  it("is Debian's own when no source of the machine has the releases", async () => {
    const mirror = await chooseMirror(["one"], ["http://none.example"], () => Promise.resolve(false));
    assert.equal(mirror, "http://deb.debian.org/debian");
  });
});
