// The units in which people speak of doses.

/** What to multiply values in `unit` by for people, and the unit they are in then: kGy/s for Gy/s, MGy for Gy. */
export function peopleUnit(unit: string): { readonly factor: number; readonly unit: string } {
  if (unit === "Gy/s") return { factor: 1e-3, unit: "kGy/s" };
  return unit === "Gy" ? { factor: 1e-6, unit: "MGy" } : { factor: 1, unit };
}
