// What a drawing of a device is made of: plain data in mm, for whoever draws it. Beamlines do not know how pictures are made, so
// the words are written down here once more.

/** A drawing. x to the right, y up; later parts lie over earlier ones. */
export interface DrawingPlan {
  readonly unit: "mm";
  readonly parts: readonly DrawingPart[];
  /** Whether distances along x are stretched, so that thin layers can be told apart. */
  readonly exploded?: boolean;
}

/** A point, mm. */
export type Point = readonly [number, number];

/** A shape, mm; x and y are its center. */
export type DrawingShape =
  | {
      readonly shape: "rectangle";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly corner?: number;
    }
  | { readonly shape: "circle"; readonly x: number; readonly y: number; readonly radius: number }
  | {
      readonly shape: "ring";
      readonly x: number;
      readonly y: number;
      readonly inner: number;
      readonly outer: number;
    }
  | { readonly shape: "polygon"; readonly points: readonly Point[] }
  | {
      readonly shape: "wave";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly turns: number;
    }
  | { readonly shape: "arrow" | "dimension"; readonly from: Point; readonly to: Point };

/** A part of a drawing: its shape, and what it is. */
export type DrawingPart = DrawingShape & {
  readonly name: string;
  readonly letter?: string;
  readonly tone?:
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
  readonly label?: "leader" | "inside";
};
