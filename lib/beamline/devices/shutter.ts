// The photon shutter: while it is closed there is no light and no dose behind it.
import { type Clock, Device, type Quantities, quantity, type Status } from "./device.js";

/** The shutter before the slits; its setting is "open" or "closed". */
export class Shutter extends Device {
  readonly parameters: Quantities = {};
  private state: "open" | "closed" = "open";

  constructor(clock: Clock) {
    super("shutter", clock);
  }

  /** Opens or closes it, in less than the time of a frame. */
  set(state: "open" | "closed"): Status {
    if (state !== "open" && state !== "closed") this.refuse('"open" or "closed"', state);
    this.state = state;
    return this.moved(0);
  }

  /** Transmitted fraction of the light: 1 or 0. */
  get transmission(): number {
    return this.state === "open" ? 1 : 0;
  }

  protected signals(): Quantities {
    return { state: quantity(this.state, "", "set", "whether light passes") };
  }
}
