// A vertical line with a short text at the position where it covers the fewest points of the curves.
import { hidden, type Points, type Rect } from "./place.js";
import type { Box } from "./plot.js";
import { el, px, textEl } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";
import { theme } from "./theme.js";

/**
 * The line and its text: beside it, or vertical along it where that covers fewer points.
 *
 * @param x position of the line, px
 * @param points points of the curves, px
 */
export function noteText(note: string, x: number, frame: Box, points: Points): string {
  const text = fitText(note, Math.min(frame.width, frame.height) - 12, SIZE);
  const places = candidates(textWidth(text, SIZE), x, frame);
  const hides = places.map((place) => hidden(place, points));
  const place = places[hides.indexOf(Math.min(...hides))];
  const [cx, cy] = [place.x + place.width / 2, place.y + place.height / 2];
  return (
    el("path", {
      d: `M${px(x)},${px(frame.top)}v${px(frame.height)}`,
      stroke: theme.muted,
      "stroke-width": 0.7,
    }) +
    textEl(text, {
      transform: `translate(${px(cx)},${px(cy)})${place.upright ? " rotate(-90)" : ""}`,
      dy: "0.35em",
      fill: theme.muted,
      stroke: "#fff",
      "stroke-width": 2.5,
      "paint-order": "stroke",
      "text-anchor": "middle",
    })
  );
}

const SIZE = theme.text.tick;
const GAP = 4;

function candidates(width: number, x: number, frame: Box): (Rect & { upright: boolean })[] {
  const bottom = frame.top + frame.height;
  const lying = [0.07, 0.93, 0.2, 0.8, 0.35, 0.65, 0.5].flatMap((fraction) => {
    const y = frame.top + fraction * (frame.height - SIZE);
    const size = { width, height: SIZE, upright: false };
    return [
      { x: x + GAP, y, ...size },
      { x: x - GAP - width, y, ...size },
    ];
  });
  const upright = [bottom - width - 8, frame.top + 8, frame.top + (frame.height - width) / 2].flatMap((y) => {
    const size = { width: SIZE, height: width, upright: true };
    return [
      { x: x + GAP - 1, y, ...size },
      { x: x - GAP + 1 - SIZE, y, ...size },
    ];
  });
  const right = frame.left + frame.width;
  const inside = [...lying, ...upright].filter((p) => p.x > frame.left + 1 && p.x + p.width < right - 1);
  return inside.length > 0 ? inside : upright;
}
