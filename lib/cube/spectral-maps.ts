// Maps that are made from the normalized spectra of a cube alone, without a model of species: what each of them
// is called, and in which unit its values are. lib/xas/edge-features.ts defines the values.
import type { EdgeFeatureName } from "../xas/edge-features.js";

/** Name of such a map. */
export type SpectralMapName = EdgeFeatureName | "edgeStep";

/** All of them by name. */
export const SPECTRAL_MAPS = {
  e0: { label: "Edge energy e0", unit: "eV" },
  edgeEnergy: { label: "Edge energy at half step", unit: "eV" },
  whiteLine: { label: "White-line energy", unit: "eV" },
  whiteLineHeight: { label: "White-line height", unit: "" },
  edgeStep: { label: "Edge step", unit: "" },
  centroid: { label: "Edge centroid", unit: "eV" },
} as const satisfies Readonly<Record<SpectralMapName, { readonly label: string; readonly unit: "" | "eV" }>>;

/** All names. */
export const SPECTRAL_MAP_NAMES = Object.keys(SPECTRAL_MAPS) as readonly SpectralMapName[];
