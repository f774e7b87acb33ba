// The program of the page: follows the choices, the dragged points and the sliders.
import { reason } from "../../../errors.js";
import { type Placed, type Point, placed, type Study, study } from "../study.js";
import {
  concentrationsFigure,
  type PlaneScale,
  planeScale,
  planeSvg,
  sentence,
  spectraFigure,
} from "../view.js";

const part = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

let made: Study;
let scale: PlaneScale;
let points: Point[] = [];
let waiting = false;

function start(): void {
  try {
    take();
    listen();
    document.body.dataset.state = "ready";
  } catch (error) {
    document.body.dataset.state = "failed";
    part("state").textContent = `The page cannot start: ${reason(error)}`;
  }
}

/** Resolves the chosen data set, and begins at the result of MCR-ALS. */
function take(): void {
  const value = (id: string): string => part<HTMLSelectElement>(id).value;
  made = study({
    species: value("species") === "2" ? 2 : 3,
    pure: value("pure") === "yes",
    noise: Number(value("noise")),
  });
  scale = planeScale(made);
  points = [...made.resolved];
  part("sliders").innerHTML = made.names
    .flatMap((name, k) => made.resolved[k].map((_, d) => sliderHtml(name, k, d)))
    .join("");
  const button = (k: number, end: "minimum" | "maximum"): string =>
    `<button type="button" data-go="${end}" data-of="${k}">${end === "minimum" ? "Least" : "Most"} ${made.names[k]}</button>`;
  part("extremes").innerHTML = made.names.map((_, k) => button(k, "minimum") + button(k, "maximum")).join("");
  draw();
}

function sliderHtml(name: string, k: number, d: number): string {
  const label = made.area.dimension === 1 ? name : `${name}, axis ${d + 1}`;
  const [low, high] = [scale.low[d], scale.high[d]].map((v) => v.toFixed(4));
  const id = `slider-${k}-${d}`;
  return `<div class="slider"><label for="${id}">${label}</label><input type="range" id="${id}" data-k="${k}" data-d="${d}" min="${low}" max="${high}" step="${((Number(high) - Number(low)) / 400).toFixed(5)}"><output for="${id}" id="${id}-value"></output></div>`;
}

function listen(): void {
  for (const id of ["species", "pure", "noise"]) part(id).addEventListener("change", take);
  part("sliders").addEventListener("input", (event) => {
    const { dataset, value } = event.target as HTMLInputElement;
    const [k, d] = [Number(dataset.k), Number(dataset.d)];
    move(
      k,
      points[k].map((v, axis) => (axis === d ? Number(value) : v)),
    );
  });
  document.addEventListener("click", (event) => {
    const { go, of } = (event.target as HTMLElement).closest<HTMLElement>("[data-go]")?.dataset ?? {};
    if (go === "resolved" || go === "truth") points = [...made[go]];
    else if (go === "minimum" || go === "maximum") points = [...made.extremes[Number(of)][go]];
    else return;
    draw();
  });
  part("plane").addEventListener("pointerdown", (event) => {
    const handle = (event.target as Element).closest<SVGElement>("[data-component]");
    if (!handle) return;
    event.preventDefault();
    const k = Number(handle.dataset.component);
    const plane = part("plane");
    plane.setPointerCapture(event.pointerId);
    const follow = ({ clientX, clientY }: PointerEvent): void => {
      const box = plane.getBoundingClientRect();
      const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
      move(k, scale.pointAt(x * scale.width, y * scale.height));
    };
    plane.addEventListener("pointermove", follow);
    const end = (): void => plane.removeEventListener("pointermove", follow);
    plane.addEventListener("pointerup", end, { once: true });
    plane.addEventListener("pointercancel", end, { once: true });
  });
}

/** Moves a component, and draws before the next repaint. */
function move(k: number, point: Point): void {
  points = points.map((one, i) => (i === k ? point : one));
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function draw(): void {
  part("plane").innerHTML = planeSvg(made, scale, points);
  points.forEach((point, k) => {
    point.forEach((value, d) => {
      part<HTMLInputElement>(`slider-${k}-${d}`).value = String(value);
      part(`slider-${k}-${d}-value`).textContent = value.toFixed(2).replace("-", "−");
    });
  });
  const answer = part("answer");
  let shown: Placed;
  try {
    shown = placed(made, points);
  } catch (error) {
    answer.className = "answer impossible";
    answer.textContent = `No answer here: ${reason(error)}.`;
    return;
  }
  answer.className = shown.feasible ? "answer" : "answer impossible";
  answer.textContent = sentence(made, shown);
  part("spectra").innerHTML = spectraFigure(made, shown);
  part("concentrations").innerHTML = concentrationsFigure(made, shown);
  part("numbers").querySelector("tbody")!.innerHTML = made.names
    .map((name, k) => rowHtml(name, k, shown))
    .join("");
}

function rowHtml(name: string, k: number, { C }: Placed): string {
  const percent = (v: number): string => `${(100 * v).toFixed(1)} %`.replace("-", "−");
  const { minimum, maximum } = made.bands.quantities[name];
  const range = `${percent(minimum.value)} to ${percent(maximum.value)}`;
  return `<tr><th scope="row">${name}</th><td>${percent(Math.max(...C.map((row) => row[k])))}</td><td>${range}</td></tr>`;
}

start();
