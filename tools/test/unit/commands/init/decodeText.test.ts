import assert from "node:assert/strict";

import { decodeText } from "../../../../commands/init/decodeText";

describe("the text of a file", () => {
  const text = "GREETING=M\u{FC}ller\r\n";
  const bigEndian = Buffer.from(`\u{FEFF}${text}`, "utf16le").swap16();

  it("is read in UTF-8, in UTF-16 with a byte order mark, and else in Latin-1", () => {
    assert.equal(decodeText(Buffer.from(text)), text);
    assert.equal(decodeText(Buffer.from(`\u{FEFF}${text}`)), text);
    assert.equal(decodeText(Buffer.from(`\u{FEFF}${text}`, "utf16le")), text);
    assert.equal(decodeText(bigEndian), text);
    assert.equal(decodeText(Buffer.from(text, "latin1")), text);
  });

  it("is none where bytes are no text", () => {
    assert.equal(decodeText(Buffer.from(text, "utf16le")), undefined);
    assert.equal(decodeText(Buffer.from([0, 1, 2])), undefined);
  });
});
