// The sample stage moves the holder: the cell with its spots, the Ni foil beside it, and the empty space
// below it for the open beam.
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";

/** Targets of the stage: the open beam, the Ni foil, or a spot of the electrode. */
export const TARGETS = ["I0", "foil", "A", "B", "C"] as const;

/** A target of the holder. */
export type Target = (typeof TARGETS)[number];

const PARAMETERS = {
  I0: quantity([0, -26] as const, "mm", "assumed", "empty space below the cell, from spot C: [x, y], y up"),
  foil: quantity([12, -26] as const, "mm", "assumed", "Ni foil beside it"),
  A: quantity(
    [0, 1.8] as const,
    "mm",
    "assumed",
    "fresh spot above, with its field of view inside the window",
  ),
  B: quantity([0, -1.8] as const, "mm", "assumed", "fresh spot below"),
  C: quantity([0, 0] as const, "mm", "paper, Fig. 3b", "spot in the middle, in the beam all along"),
  velocity: quantity(5, "mm/s", "assumed", "of each axis"),
} as const satisfies Quantities;

/** Sizes of the parts of the holder beside the cell. */
export const HOLDER = {
  holeWidth: quantity(8, "mm", "assumed", "empty space for the open beam"),
  holeHeight: quantity(6, "mm", "assumed", "empty space for the open beam"),
  foilWidth: quantity(6, "mm", "assumed", "Ni foil"),
  foilHeight: quantity(6, "mm", "assumed", "Ni foil"),
} as const satisfies Quantities;

/** Positions of the targets on the holder, mm from spot C: [x, y], y up. */
export const TARGET_POSITIONS: Readonly<Record<Target, readonly [number, number]>> = {
  I0: PARAMETERS.I0.value,
  foil: PARAMETERS.foil.value,
  A: PARAMETERS.A.value,
  B: PARAMETERS.B.value,
  C: PARAMETERS.C.value,
};

/** The sample stage; its setting is the target in the beam. */
export class SampleStage extends Device {
  readonly parameters: Quantities = { ...PARAMETERS, ...HOLDER };

  constructor(
    clock: Clock,
    private target: Target = "I0",
  ) {
    super("sampleStage", clock);
  }

  /** Moves a target into the beam; both axes move simultaneously. */
  set(target: Target): Status {
    if (!TARGETS.includes(target)) this.refuse(`one of ${TARGETS.join(", ")}`, target);
    const [from, to] = [TARGET_POSITIONS[this.target], TARGET_POSITIONS[target]];
    const { velocity } = numbers({ velocity: PARAMETERS.velocity });
    this.target = target;
    return this.moved(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) / velocity);
  }

  /** The target in the beam. */
  get at(): Target {
    return this.target;
  }

  protected signals(): Quantities {
    return {
      target: quantity(this.target, "", "set", "what is in the beam"),
      position: quantity(TARGET_POSITIONS[this.target], "mm", "set", "of the stage: [x, y]"),
    };
  }
}
