// Teaches cubes and results their linked view.
import { registerExplorer } from "../cube/explorer.js";
import { exploreCube } from "./from-cube.js";
import { exploreConcentrations, exploreSpectra } from "./from-results.js";

registerExplorer({ cube: exploreCube, spectra: exploreSpectra, concentrations: exploreConcentrations });
