import assert from "node:assert/strict";

import fc from "fast-check";
import MarkdownIt from "markdown-it";

import { block, code } from "../../../../commands/preview/markdown";

const markdown = new MarkdownIt({ html: true, linkify: true });

/** Text as it may turn up in a property: with everything that Markdown or HTML could take for its own. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        "`",
        "``",
        "```",
        "|",
        "\n",
        "\r\n",
        "</details>",
        "<b>",
        "@user",
        "\\",
        " ",
        "\u202e",
        "\u2028",
        "~~~",
        "- ",
        "#",
      ),
    ),
  )
  .map((parts) => parts.join(""));

describe("a value in Markdown", () => {
  it("is a code span and nothing else, whatever is in it", () => {
    fc.assert(
      fc.property(nasty, nasty, (before, after) => {
        const html = markdown.render(`- ${code("path")}: ${code(before)} → ${code(after)}`);
        const rest = html.replaceAll(/<code>[^<]*<\/code>/g, "C").replaceAll("(empty)", "C");
        assert.equal(rest, "<ul>\n<li>C: C → C</li>\n</ul>\n");
      }),
    );
  });

  it("is shown as it is when it is short and printable", () => {
    const printable = fc.string({ minLength: 1, maxLength: 100 }).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(printable, (text) => {
        const shown = /<code>([^]*)<\/code>/.exec(markdown.render(code(text)))?.[1] ?? "";
        assert.equal(shown, markdown.utils.escapeHtml(text));
      }),
    );
  });

  it("is cut when it is long, with its length", () => {
    assert.equal(code("x".repeat(201)), `\`${"x".repeat(180)}… (201 characters)\``);
    assert.equal(code("x".repeat(200)), `\`${"x".repeat(200)}\``);
  });

  it("shows line feeds, invisible characters and changes of direction by their codes", () => {
    assert.equal(code("a\nb\tc\u202ed\u200be"), "`a\\nb\\tc\\u{202e}d\\u{200b}e`");
  });

  it("is JSON where it is no text", () => {
    assert.equal(code({ a: [1, true] }), '`{"a":[1,true]}`');
  });
});

describe("a block of text in Markdown", () => {
  it("is one code block, whatever is in it", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const html = markdown.render(`before\n\n${block(text)}\n\nafter`);
        assert.match(html, /^<p>before<\/p>\n<pre><code class="language-text">[^<]*<\/code><\/pre>\n<p>after<\/p>\n$/);
      }),
    );
  });
});
