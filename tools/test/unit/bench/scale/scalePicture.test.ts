import assert from "node:assert/strict";

import { axis, drawPicture } from "../../../../bench/scale/picture";

describe("the curve of the bench of scale", () => {
  it("has axes from one power of ten to another", () => {
    const { powers, at } = axis([0.3, 20], 100, 400);
    assert.deepEqual(powers, [-1, 0, 1, 2]);
    assert.deepEqual([at(0.1), at(1), at(100)], [100, 200, 400]);
  });

  it("has an axis for one value, and for none", () => {
    assert.deepEqual(axis([10], 0, 1).powers, [1, 2]);
    assert.deepEqual(axis([], 0, 1).powers, [0, 1]);
    assert.deepEqual(axis([0], 0, 1).powers, [0, 1]);
  });

  it("draws each series in its color, a bound as an open mark, and escapes titles", () => {
    const svg = drawPicture([
      {
        title: "Seconds & more",
        series: [
          {
            title: "first <up>",
            points: [
              { x: 1, y: 1 },
              { x: 10, y: 10, isBound: true },
            ],
          },
          { title: "state", points: [{ x: 1, y: 2 }] },
        ],
      },
    ]);
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 480 430" /);
    assert.match(svg, />Seconds &amp; more</);
    assert.match(svg, />first &lt;up&gt; \(open: not finished\)</);
    assert.equal(svg.match(/<circle /g)?.length, 2);
    assert.equal(svg.match(/<path /g)?.length, 1);
    assert.equal(svg.match(/<polyline points="60,340 440,40" fill="none" stroke="#cf222e"/g)?.length, 1);
    assert.doesNotMatch(svg, /NaN|Infinity/);
  });
});
