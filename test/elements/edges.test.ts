// Absorption edges by energy and by name.
import { describe, expect, test } from "vitest";
import { edgeNamed, edgesBetween, nextEdge } from "../../lib/elements/edges.js";

describe("edges", () => {
  // Bearden and Burr, Rev. Mod. Phys. 39, 125 (1967), to 1 eV, as XrayDB and the X-ray Data Booklet list them.
  test.each([
    ["S K", 2472],
    ["Fe K", 7112],
    ["Ni K", 8333],
    ["Cu K", 8979],
    ["Mo K", 20000],
    ["Pt L3", 11564],
    ["Pb L3", 13035],
  ])("%s lies at %d eV", (name, energy) => {
    expect(edgeNamed("test", name)).toEqual({ name, energy });
    expect(edgesBetween(energy, energy).map((one) => one.name)).toContain(name);
  });

  test("has other spellings of a name, and refuses what is none", () => {
    for (const name of ["ni k", "Ni-K", "NiK", "Ni_K"]) expect(edgeNamed("test", name).energy).toBe(8333);
    expect(edgeNamed("test", "Pb LIII").name).toBe("Pb L3");
    for (const name of ["Ni", "Ni L2", "Xx K", "K", "", "8333"]) {
      expect(() => edgeNamed("test", name)).toThrow('as a name such as "Ni K"');
    }
  });

  test("are followed by L2, L1 and the K edge of the next element", () => {
    expect(nextEdge(5723)).toEqual({ name: "Ce L2", distance: 441 });
    expect(nextEdge(6164)?.name).toBe("Ce L1");
    expect(nextEdge(8333)).toEqual({ name: "Cu K", distance: 646 });
    // Chemical shifts of some eV find the same.
    expect(nextEdge(4979)).toEqual({ name: "V K", distance: 499 });
    expect(nextEdge(500)).toBeUndefined();
  });

  test("are ascending and without those of elements that decay", () => {
    const all = edgesBetween(0, 1e6);
    expect(all.every(({ energy }, i) => i === 0 || energy >= all[i - 1].energy)).toBe(true);
    expect(all.some(({ name }) => name.startsWith("Pm "))).toBe(false);
  });
});
