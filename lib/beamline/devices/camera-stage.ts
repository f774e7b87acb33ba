// The camera stage moves the camera into the beam, or out of it for the ion chambers behind.
import { type Clock, Device, numbers, type Quantities, quantity, type Status } from "./device.js";

const PARAMETERS = {
  travel: quantity(100, "mm", "assumed", "from the beam to the side"),
  velocity: quantity(10, "mm/s", "assumed", "of the stage"),
} as const satisfies Quantities;

/** The camera stage; its setting is whether the camera is in the beam. */
export class CameraStage extends Device {
  readonly parameters = PARAMETERS;
  private place: "in" | "out" = "in";

  constructor(clock: Clock) {
    super("cameraStage", clock);
  }

  /** Moves the camera. */
  set(place: "in" | "out"): Status {
    if (place !== "in" && place !== "out") this.refuse('"in" or "out"', place);
    const { travel, velocity } = numbers(PARAMETERS);
    const seconds = place === this.place ? 0 : travel / velocity;
    this.place = place;
    return this.moved(seconds);
  }

  /** Position of the camera. */
  get at(): "in" | "out" {
    return this.place;
  }

  protected signals(): Quantities {
    return { place: quantity(this.place, "", "set", "whether the camera is in the beam") };
  }
}
