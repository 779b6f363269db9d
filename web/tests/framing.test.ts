// The advice sends the owner to where the last photo was taken from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { framingAdvice } from "../src/modes/corrosion/framing.ts";

const SAME = { shift_x: 0, shift_y: 0, scale: 1, rotation_deg: 0 };

function advice(change: Partial<typeof SAME>): string | null {
  return framingAdvice({ state: "ready", warnings: ["framed_differently"], framing: { ...SAME, ...change } });
}

// The place lies too far right in the new photo: the camera has to turn to the right.
const CASES: [Partial<typeof SAME>, string][] = [
  [{ shift_x: 0.2 }, "turn the camera to the right"],
  [{ shift_x: -0.2 }, "turn the camera to the left"],
  [{ shift_y: 0.2 }, "turn the camera down"],
  [{ shift_y: -0.2 }, "turn the camera up"],
  [{ scale: 0.5 }, "go nearer"],
  [{ scale: 1.5 }, "go farther away"],
  [{ rotation_deg: -20 }, "hold the phone straighter"],
];

for (const [change, words] of CASES) {
  test(`${JSON.stringify(change)}: ${words}`, () => {
    assert.equal(advice(change), `Too different from last time to be compared: ${words}.`);
  });
}

test("several faults are named together", () => {
  assert.match(advice({ shift_x: 0.2, scale: 0.5 })!, /right, go nearer/);
});

test("a photo of another place gets no direction", () => {
  assert.match(framingAdvice({ state: "ready", warnings: ["framed_differently"], framing: null })!, /another place/);
});

test("a photo that is framed as before is praised, and one that was not compared is not", () => {
  assert.equal(framingAdvice({ state: "ready", warnings: [], framing: SAME }), "Framed as last time.");
  assert.equal(framingAdvice({ state: "ready", warnings: [], framing: null }), null);
});
