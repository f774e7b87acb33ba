// Intervals of beam on each spot, from the settings of shutter, sample stage and slits.
import type { SetMessage } from "./message.js";

/** An interval of uninterrupted beam on a spot, recorded or not. */
export interface Interval {
  readonly spot: string;
  readonly start: number;
  readonly end: number;
}

/** Beam on the spots, from the shutter, the sample stage and the slits. */
export class BeamLog {
  /** Whole beam on a spot. */
  readonly exposure: Interval[] = [];
  /** Beam limited by the slits on a spot, for the ion chambers. */
  readonly chambers: Interval[] = [];
  private spot = "I0";
  private isOpen = false;
  private cut = false;
  private since = Number.NaN;

  /** Whether light reaches a target. */
  get on(): boolean {
    return this.isOpen;
  }

  /** The target in the beam. */
  get target(): string {
    return this.spot;
  }

  /** Records a setting. @param time s, when it is reached */
  note({ device, value }: SetMessage, time: number): void {
    if (device === "shutter" && (value === "open") === this.isOpen) return;
    if (device !== "shutter" && device !== "sampleStage" && device !== "slits") return;
    this.end(time);
    if (device === "shutter") this.isOpen = value === "open";
    else if (device === "sampleStage") this.spot = String(value);
    else this.cut = value !== "open";
    this.since = this.isOpen && ELECTRODE.has(this.spot) ? time : Number.NaN;
  }

  /** Ends the current interval. */
  end(time: number): void {
    if (!(time > this.since)) return;
    (this.cut ? this.chambers : this.exposure).push({ spot: this.spot, start: this.since, end: time });
    this.since = Number.NaN;
  }
}

const ELECTRODE: ReadonlySet<string> = new Set(["A", "B", "C"]);
