import assert from "node:assert/strict";

import { findBrowser } from "../../../pictures/browser";
import { commentPage } from "../../../pictures/commentPage";
import { recordingAsSvg, screenAsSvg } from "../../../pictures/terminalSvg";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("the documentation's pictures", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("show the terminal as it is at the end, in its colors, with nothing that would be markup", async () => {
    const output = "one\r\n  … working\r\u001b[K  \u001b[32m✓\u001b[0m <done> & well\r\n\r\n";
    const svg = await screenAsSvg("npm run up", { pieces: [{ at: 0, text: output }] });
    const texts = [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line]) => line);
    const plain = (text: string): string => `<tspan fill="#c9d1d9">${text}</tspan>`;
    assert.deepEqual(texts.slice(1), [
      plain("one"),
      `${plain("\u00a0\u00a0")}<tspan fill="#3fb950">✓</tspan>${plain("\u00a0&lt;done&gt;\u00a0&amp;\u00a0well")}`,
    ]);
    assert.match(texts[0] ?? "", />npm\u00a0run\u00a0up</);
  });

  it("play what a terminal showed, each line from when to when it was there, with shorter pauses", async () => {
    const pieces = [
      { at: 100, text: "one\r\n" },
      { at: 60_000, text: "two" },
      { at: 60_500, text: "\rTWO" },
    ];
    const svg = await recordingAsSvg("npm run watch", { pieces });
    const shown = [...svg.matchAll(/<tspan fill="#c9d1d9">(.*?)<\/tspan><set (.*?)\/>/g)].map(([, text, set]) => [
      text,
      set,
    ]);
    assert.deepEqual(shown, [
      ["one", 'attributeName="visibility" to="hidden" begin="play.begin" end="play.begin+0.10s"'],
      ["two", 'attributeName="visibility" to="visible" begin="play.begin+2.60s" end="play.begin+3.10s"'],
      ["TWO", 'attributeName="visibility" to="hidden" begin="play.begin" end="play.begin+3.10s"'],
    ]);
    assert.match(svg, /<animate id="play" [^>]*begin="0s;play\.end" dur="9\.10s"\/>/);
  });

  it("show a warning as GitHub does", () => {
    const page = commentPage("> [!WARNING]\n> Deleted: Secret `a`.\n");
    assert.match(page, /<p class="alert">Warning<\/p><p>Deleted: Secret <code>a<\/code>\.<\/p>/);
  });

  it("need a Chromium, and say how to get one", () => {
    process.env["PATH"] = folder.path();
    assert.throws(
      findBrowser,
      isProblem(
        "Chromium, which takes the pictures, is not on PATH (chromium, chromium-browser, google-chrome, google-chrome-stable, chrome); run `apt-get install chromium`.",
      ),
    );
    folder.write({ chromium: { executable: "" } });
    assert.equal(findBrowser(), folder.path("chromium"));
  });
});
