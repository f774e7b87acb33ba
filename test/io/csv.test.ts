import { expect, test } from "vitest";
import { csvComment, csvText } from "../../lib/io/csv.js";

test("a spreadsheet takes no text for a formula, wherever a cell may begin", () => {
  for (const start of ["=", "+", "-", "@", " =", "＝"])
    expect(csvText(`${start}HYPERLINK(1)`)).toMatch(/^"?'/);
  expect(csvText("a\n=1")).toBe("a =1");
  expect(csvText('5" tube, dry')).toBe('"5"" tube, dry"');
  expect(csvText("Cp1")).toBe("Cp1");
  expect(csvComment("about, =1+1")).toBe("# about, '=1+1");
  expect(csvComment("two\r\nlines")).toBe("# two lines");
});
