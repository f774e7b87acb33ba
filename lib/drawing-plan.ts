// What a schematic drawing is made of: plain data in mm. The beamline says what its devices look like, the figures draw it, and
// neither has to know the other.

/** A point [x, y] in mm; y grows upwards. */
export type Point = readonly [x: number, y: number];

/** A shape in mm. `x` and `y` are its center. */
export type DrawingShape =
  | {
      readonly shape: "rectangle";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      /** Radius of the corners. */
      readonly corner?: number;
    }
  | { readonly shape: "circle"; readonly x: number; readonly y: number; readonly radius: number }
  | {
      readonly shape: "ring";
      readonly x: number;
      readonly y: number;
      /** Radii. */
      readonly inner: number;
      readonly outer: number;
    }
  | { readonly shape: "polygon"; readonly points: readonly Point[] }
  | {
      /** A spring seen from the side. */
      readonly shape: "wave";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly turns: number;
    }
  | { readonly shape: "arrow"; readonly from: Point; readonly to: Point }
  | { readonly shape: "dimension"; readonly from: Point; readonly to: Point };

/** What a part looks like. */
export type DrawingTone =
  | "metal"
  | "darkMetal"
  | "diamond"
  | "electrode"
  | "aluminium"
  | "lithium"
  | "separator"
  | "polymer"
  | "rubber"
  | "spring"
  | "foil"
  | "beam"
  | "spot"
  | "stage"
  | "hole"
  | "outline";

/** A part of a drawing. */
export type DrawingPart = DrawingShape & {
  /** What it is, such as `diamond window, 145 µm`; for the key. */
  readonly name: string;
  /** What labels it, such as `a` or `#C`; parts of the same letter share a line of the key. Without: no label. */
  readonly letter?: string;
  /** What it looks like; default `outline`. */
  readonly tone?: DrawingTone;
  /** At the end of a leader line (default), or inside the part, or beside it where it does not fit. */
  readonly label?: "leader" | "inside";
};

/** Plain geometry; x to the right, y upwards; later parts over earlier ones. */
export interface DrawingPlan {
  readonly unit: "mm";
  readonly parts: readonly DrawingPart[];
  /** True where lengths along x are not true: the scale bar then stands upright, and the figure says so. */
  readonly exploded?: boolean;
}
