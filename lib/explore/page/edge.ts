// Name of the map of edge energies.
export const EDGE_LABEL = "Edge energy (eV), where the normalized absorption is 0.5";
