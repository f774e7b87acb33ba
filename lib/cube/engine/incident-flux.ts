// The flux that a dose-rate step says enters the stack.
import { Stack } from "../../dose/stack.js";
import type { DoseRateStep } from "../plan.js";

/**
 * Flux incident on the stack at each energy. A flux that was measured at one energy fixes the flux on the absorber there, and
 * that is held over the scan, as the paper does: its single Ft for all images.
 */
export function incidentFlux(step: DoseRateStep, energies: readonly number[]): number[] {
  const { flux, fluxEnergy } = step;
  if (fluxEnergy === null) return energies.map(() => flux);
  const stack = Stack.from(step.stack);
  const there = stack.upstream(fluxEnergy);
  return energies.map((energy) => (flux * there) / stack.upstream(energy));
}
