// Starts the page: reads its data, makes the panels, and lets all of them follow what is chosen.

import { halfStepEnergy } from "../../xas/half-step.js";
import { applyFragment, codeOf, fragmentOf } from "./code.js";
import { beforeNextPicture, part } from "./dom.js";
import { histogramPanel } from "./histogram.js";
import { imagePanel } from "./image.js";
import { profilePanel } from "./profile.js";
import { colorOf, spectrumPanel } from "./spectrum.js";
import { percent, summaryOf, table, timeText } from "./summary.js";
import { unpack } from "./unpack.js";
import { type Chosen, View } from "./view.js";

/** Numbers are read aloud when nothing has changed for so long, ms: not each step of a drag. */
const QUIET = 500;

/** Runs the page; if it cannot, the page shows the reason. */
export async function start(): Promise<void> {
  const data = part("data").textContent ?? "";
  try {
    if (typeof DecompressionStream === "undefined") {
      throw new Error("this browser cannot unpack its data; use one from 2023 or later");
    }
    const view = new View(await unpack(data));
    applyFragment(view, window.location.hash);
    run(view);
    document.body.dataset.state = "ready";
  } catch (error) {
    document.body.dataset.state = "failed";
    part("state").textContent = `Nothing can be shown: ${error instanceof Error ? error.message : error}`;
  }
}

function run(view: View): void {
  const { header, chosen } = view;
  const panels: (() => void)[] = [];
  let spoken = 0;
  const draw = beforeNextPicture(() => {
    view.follow();
    for (const panel of panels) panel();
    window.clearTimeout(spoken);
    spoken = window.setTimeout(() => {
      part("spoken").textContent = summaryOf(view);
      rememberInAddress(view);
    }, QUIET);
  });
  // Another link to the same page.
  window.addEventListener("hashchange", () => {
    Object.assign(chosen, view.initial);
    applyFragment(view, window.location.hash);
    draw();
  });
  const change = (next: Partial<Chosen>): void => {
    Object.assign(chosen, next);
    draw();
  };

  if (view.nPixels > 1) {
    panels.push(imagePanel(view, (region) => change({ region })));
    const kind = part<HTMLSelectElement>("kind");
    kind.value = chosen.image;
    kind.addEventListener("change", () => change({ image: kind.value }));
    part("no-region").addEventListener("click", () => change({ region: null }));
    panels.push(() => {
      kind.value = chosen.image;
      part<HTMLButtonElement>("no-region").disabled = chosen.region === null;
    });
  }
  if (header.maps.length > 0) {
    panels.push(histogramPanel(view, (interval) => change({ interval })));
    part("no-interval").addEventListener("click", () => change({ interval: null }));
    panels.push(() => {
      part<HTMLButtonElement>("no-interval").disabled = chosen.interval === null;
    });
    const map = document.getElementById("map") as HTMLSelectElement | null;
    map?.addEventListener("change", () => change({ map: Number(map.value), interval: null }));
    panels.push(() => {
      if (map) map.value = String(chosen.map);
    });
  }
  panels.push(spectrumPanel(view, (energy) => change(atEnergy(view, energy))));
  if (view.nTimes > 1) panels.push(profilePanel(view, (time) => change({ time })));

  const whole = part<HTMLInputElement>("whole");
  whole.addEventListener("change", () => change({ whole: whole.checked }));
  const energy = part<HTMLInputElement>("energy");
  energy.max = String(header.nEnergies - 1);
  energy.addEventListener("input", () => change(atEnergy(view, energy.valueAsNumber)));
  const time = document.getElementById("time") as HTMLInputElement | null;
  time?.addEventListener("input", () => change({ time: time.valueAsNumber }));
  const numbers = part<HTMLDetailsElement>("numbers");
  const copied = part<HTMLTextAreaElement>("table");
  numbers.addEventListener("toggle", () => {
    copied.value = numbers.open ? table(view) : "";
  });

  panels.push(() => {
    energy.valueAsNumber = chosen.energy;
    const value = `${view.energies[chosen.energy].toFixed(1)} eV`;
    energy.setAttribute("aria-valuetext", value);
    part("energy-value").textContent = value;
    if (time) {
      time.valueAsNumber = chosen.time;
      const text = `${timeText(view, chosen.time)}${header.timeUnit === "h" ? `, step ${chosen.time + 1}` : ""} of ${view.nTimes}`;
      time.setAttribute("aria-valuetext", text);
      part("time-value").textContent = text;
    }
    part("summary").textContent = summaryOf(view);
    const code = document.getElementById("code") as HTMLInputElement | null;
    if (code) code.value = codeOf(view);
    showEdge(view);
    if (numbers.open) copied.value = table(view);
    if (view.fit) showConcentrations(view, view.fit.concentrations, view.fit.rFactor);
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copies]")) {
    button.addEventListener("click", () => void copy(view, button));
  }
  if (!hasAddress()) document.querySelector("[data-copies=link]")?.remove();
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", draw);
  new ResizeObserver(draw).observe(document.body);
  window.addEventListener("beforeprint", draw);
  draw();
}

/** Within a notebook the page has no address of its own. */
function hasAddress(): boolean {
  return window.location.protocol !== "about:";
}

/** The address follows what is chosen, so that it can be sent and reloaded. */
function rememberInAddress(view: View): void {
  if (hasAddress()) window.history.replaceState(null, "", `#${fragmentOf(view)}`);
}

/** Copies the code or the link, and says so on the button for a moment. */
async function copy(view: View, button: HTMLButtonElement): Promise<void> {
  const link = button.dataset.copies === "link";
  const text = link ? `${window.location.href.split("#")[0]}#${fragmentOf(view)}` : codeOf(view);
  const before = button.textContent;
  try {
    await window.navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Browsers refuse in a frame, or without permission: the text is there to copy by hand.
    if (link) rememberInAddress(view);
    else part<HTMLInputElement>("code").select();
    button.textContent = link ? "The address is the link" : "Press Ctrl+C";
  }
  window.setTimeout(() => {
    button.textContent = before;
  }, 2000);
}

/** A new energy also selects the image at that energy. */
function atEnergy(view: View, energy: number): Partial<Chosen> {
  return { energy, image: view.nPixels > 1 ? "energy" : view.chosen.image };
}

function showConcentrations(view: View, concentrations: Float64Array, rFactor: number): void {
  concentrations.forEach((concentration, i) => {
    part(`concentration-${i}`).textContent = percent(concentration);
    const bar = part(`bar-${i}`);
    bar.style.width = `${Number.isFinite(concentration) ? 100 * concentration : 0}%`;
    bar.style.background = colorOf(view, i);
  });
  part("fit").textContent = Number.isFinite(rFactor) ? rFactor.toExponential(2) : "no value";
}

function showEdge(view: View): void {
  const cell = document.getElementById("edge-energy");
  if (!cell) return;
  const energy = halfStepEnergy(view.energies, (k) => view.mean.values[k]);
  cell.textContent = Number.isFinite(energy) ? `${energy.toFixed(2)} eV` : "no value";
}
