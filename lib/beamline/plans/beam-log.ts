// The intervals of beam on each spot, from the settings of shutter, sample stage and slits.
import type { SetMessage } from "./message.js";

/** An interval of uninterrupted beam on a spot, recorded or not. */
export interface Interval {
  readonly spot: string;
  readonly start: number;
  readonly end: number;
}

/** The beam on the spots, as the shutter, the sample stage and the slits let it. */
export class BeamLog {
  /** Whole beam on a spot. */
  readonly exposure: Interval[] = [];
  /** Beam cut by the slits on a spot: the ion chambers'. */
  readonly chambers: Interval[] = [];
  private spot = "I0";
  private isOpen = false;
  private cut = false;
  private since = Number.NaN;

  /** Whether light falls on a target now. */
  get on(): boolean {
    return this.isOpen;
  }

  /** What is in the beam now. */
  get target(): string {
    return this.spot;
  }

  /** Takes note of what is set. @param time s, when it is there */
  note({ device, value }: SetMessage, time: number): void {
    if (device === "shutter" && (value === "open") === this.isOpen) return;
    if (device !== "shutter" && device !== "sampleStage" && device !== "slits") return;
    this.end(time);
    if (device === "shutter") this.isOpen = value === "open";
    else if (device === "sampleStage") this.spot = String(value);
    else this.cut = value !== "open";
    this.since = this.isOpen && ELECTRODE.has(this.spot) ? time : Number.NaN;
  }

  /** Ends the interval that is under way. */
  end(time: number): void {
    if (!(time > this.since)) return;
    (this.cut ? this.chambers : this.exposure).push({ spot: this.spot, start: this.since, end: time });
    this.since = Number.NaN;
  }
}

const ELECTRODE: ReadonlySet<string> = new Set(["A", "B", "C"]);
