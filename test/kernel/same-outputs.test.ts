// What counts as the same outputs of a notebook that ran twice.
import { expect, test } from "vitest";
import type { CodeCell, Output } from "../../kernel/runner/format.js";
import { differences } from "../../kernel/runner/same-outputs.js";

const cell = (...outputs: Output[]): CodeCell => ({
  cell_type: "code",
  metadata: {},
  source: "",
  execution_count: 3,
  outputs,
});
const printed = (text: string): Output => ({ output_type: "stream", name: "stdout", text });
const shown = (html: string): Output => ({
  output_type: "display_data",
  data: { "text/html": html },
  metadata: {},
});

test("times and reports of progress may differ, numbers and their units may not", () => {
  const progress = shown('<small class="progress">spectra (7.0 s)</small>');
  expect(
    differences([cell(printed("done in 7.0 s, 35 MGy"), progress)], [cell(printed("done in 12 s, 35 MGy"))]),
  ).toEqual([]);
  expect(differences([cell(printed("0.7 kGy/s"))], [cell(printed("0.8 kGy/s"))])[0]).toMatch(
    /^cell 3, output 1: .*0\.7.* \| .*0\.8/,
  );
  expect(
    differences([cell(printed("a"))], [cell({ text: "a", name: "stdout", output_type: "stream" })]),
  ).toEqual([]);
  const made = (at: string) => [cell(shown(`made 2026-11-30 ${at} UTC of 4 files`))];
  expect(differences(made("22:10"), made("22:11"))).toEqual([]);
  expect(differences([cell(printed("7 Gy/s"))], [cell(printed("8 Gy/s"))])).toHaveLength(1);
});

test("what is printed before and after a report of progress is one text", () => {
  const progress = shown('<small class="progress">dose rate (0.1 s)</small>');
  const apart = cell(printed("first\n"), progress, printed("second\n"));
  expect(differences([apart], [cell(printed("first\nsecond\n"))])).toEqual([]);
  expect(differences([apart], [cell(printed("first\nthird\n"))])).toHaveLength(1);
});

test("a missing output, a missing cell and another kind of output are differences", () => {
  expect(differences([cell(printed("a"))], [cell()])).toEqual(["cell 3: 1 outputs, 0 under Jupyter"]);
  expect(differences([cell()], [])).toEqual(["1 cells, 0 under Jupyter"]);
  expect(differences([cell(printed("a"))], [cell(shown("a"))])).toHaveLength(1);
});
