// The program of the page: draws the form, follows its fields, and shows the results.
import { reason } from "../../../errors.js";
import { type Calculation, calculate } from "../calculate.js";
import { examples } from "../examples.js";
import { commandOf, csvTable, STACK_FILE, stackFile } from "../export.js";
import { fieldAt } from "../fields.js";
import { blankForm, blankLayer, type Form } from "../form.js";
import { formOfFragment, fragmentOf } from "../link.js";
import { idOf } from "../markup/fields.js";
import { formHtml, layerSummary, materialNote } from "../markup/form.js";
import { headline, resultsHtml } from "../markup/results.js";

/** Pause after the last key before the page computes, and before a screen reader reads the result, ms. */
const PAUSE = 120;
const QUIET = 900;

/** Below this width of the results figures take the size of one column, px. */
const NARROW = 560;

const part = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

let form: Form;
/** Whether the fields of each layer are shown. */
let open: boolean[];
let waiting = 0;
let speaking = 0;

/** Starts the page; if it cannot, the page shows the reason. */
function start(): void {
  try {
    const notice = fromAddress();
    listen();
    redraw();
    compute();
    document.body.dataset.state = "ready";
    if (notice !== "") part("copied").textContent = notice;
  } catch (error) {
    document.body.dataset.state = "failed";
    part("state").textContent = `The page cannot start: ${reason(error)}`;
  }
}

/** Takes the inputs of the address; else the first example. Returns what was wrong with the address. */
function fromAddress(): string {
  const [first] = examples;
  const fragment = location.hash.slice(1);
  try {
    if (fragment === "") take(first.form, first.id);
    else take(formOfFragment(fragment), examples.find((one) => fragmentOf(one.form) === fragment)?.id ?? "");
    return "";
  } catch (error) {
    take(first.form, first.id);
    return `The link could not be read: ${reason(error)}. The first example is shown.`;
  }
}

function take(next: Form, example: string): void {
  form = next;
  open = next.layers.map((_, i) => String(i) === next.absorber);
  part<HTMLSelectElement>("example").value = example;
}

function listen(): void {
  const inputs = part("form");
  inputs.addEventListener("input", (event) => edited(event.target as HTMLInputElement));
  inputs.addEventListener("change", (event) => edited(event.target as HTMLInputElement));
  inputs.addEventListener("submit", (event) => event.preventDefault());
  inputs.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-do]");
    if (button) changeLayers(button.dataset.do ?? "", Number(button.dataset.layer));
  });
  part("example").addEventListener("change", () => {
    const { value } = part<HTMLSelectElement>("example");
    const chosen = examples.find(({ id }) => id === value)?.form ?? (value === "blank" ? blankForm() : null);
    if (!chosen) return;
    take(chosen, value);
    redraw();
    compute();
  });
  part("results").addEventListener("click", (event) => {
    const target = (event.target as HTMLElement).closest<HTMLElement>("[data-goto]")?.dataset.goto;
    if (target === undefined) return;
    // The fragment of the address holds the inputs.
    event.preventDefault();
    const field = part(target);
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
  });
  part("copy-link").addEventListener("click", () => void copyLink());
  part("save-stack").addEventListener("click", () => save(STACK_FILE, "stack-text", "application/json"));
  part("save-table").addEventListener("click", () => save("dose.csv", "table-text", "text/csv"));
  part("print").addEventListener("click", () => window.print());
  window.addEventListener("hashchange", () => {
    if (location.hash.slice(1) === fragmentOf(form)) return;
    part("copied").textContent = fromAddress();
    redraw();
    compute();
  });
  let room = roomOf();
  window.addEventListener("resize", () => {
    if (roomOf() === room) return;
    room = roomOf();
    compute();
  });
}

function edited(field: HTMLInputElement): void {
  const { path, redraw: again } = field.dataset;
  if (path === undefined || valueAt(path) === field.value) return;
  form = withValue(path, field.value);
  part<HTMLSelectElement>("example").value = "";
  if (again !== undefined) redraw();
  window.clearTimeout(waiting);
  waiting = window.setTimeout(compute, PAUSE);
}

function valueAt(path: string): string {
  const value = path.split(".").reduce((at: unknown, key) => (at as Record<string, unknown>)?.[key], form);
  return String(value);
}

/** The form with another value at a path. */
function withValue(path: string, value: string): Form {
  const set = (at: unknown, [key, ...rest]: readonly string[]): unknown => {
    const next = rest.length === 0 ? value : set((at as Record<string, unknown>)[key], rest);
    return Array.isArray(at)
      ? at.map((one, i) => (String(i) === key ? next : one))
      : { ...(at as object), [key]: next };
  };
  return set(form, path.split(".")) as Form;
}

function changeLayers(action: string, i: number): void {
  const rows = form.layers.map((layer, k) => ({
    layer,
    open: open[k],
    isAbsorber: form.absorber === String(k),
  }));
  if (action === "add") rows.push({ layer: blankLayer(), open: true, isAbsorber: false });
  else if (action === "remove") rows.splice(i, 1);
  else {
    const to = action === "up" ? i - 1 : i + 1;
    if (to < 0 || to >= rows.length) return;
    rows.splice(to, 0, ...rows.splice(i, 1));
  }
  // Without its absorber the form has none until one is chosen.
  const absorber = rows.findIndex(({ isAbsorber }) => isAbsorber);
  form = { ...form, layers: rows.map(({ layer }) => layer), absorber: absorber < 0 ? "" : String(absorber) };
  open = rows.map((row) => row.open);
  part<HTMLSelectElement>("example").value = "";
  redraw();
  const focused = { add: `layers-${rows.length - 1}-name`, up: `up-${i - 1}`, down: `down-${i + 1}` }[action];
  part(focused ?? "add-layer")?.focus();
  compute();
}

/** Draws the form; the field in focus remains in focus. */
function redraw(): void {
  const focused = document.activeElement?.id ?? "";
  part("form").innerHTML = formHtml(form, open);
  for (const details of part("form").querySelectorAll<HTMLDetailsElement>("details[data-layer]")) {
    details.addEventListener("toggle", () => {
      open[Number(details.dataset.layer)] = details.open;
    });
  }
  if (focused !== "" && focused !== document.activeElement?.id) part(focused)?.focus();
}

function compute(): void {
  window.clearTimeout(waiting);
  const result = calculate(form);
  showNotes(result);
  const text = headline(result);
  part("headline").textContent = text;
  part("results").innerHTML = resultsHtml(result, form, roomOf());
  showExports(result);
  window.clearTimeout(speaking);
  speaking = window.setTimeout(() => {
    part("spoken").textContent = text;
  }, QUIET);
  history.replaceState(null, "", `#${fragmentOf(form)}`);
}

/** Below each field: what is wrong with it, or what is meant. */
function showNotes({ problems }: Calculation): void {
  for (const field of part("form").querySelectorAll<HTMLElement>("[data-path]")) {
    const path = field.dataset.path ?? "";
    const note = document.getElementById(`${idOf(path)}-note`);
    if (!note) continue;
    const problem = problems.get(path);
    note.textContent = problem?.text ?? hintOf(path);
    note.className = problem ? (problem.missing ? "note missing" : "note wrong") : "note";
    field.setAttribute("aria-invalid", String(problem !== undefined && !problem.missing));
  }
  form.layers.forEach((layer, i) => {
    const isOpen = [...problems.keys()].some((path) => path.startsWith(`layers.${i}.`));
    part(`summary-name-${i}`).textContent = layer.name || `Layer ${i + 1}`;
    part(`summary-${i}`).textContent = `${layerSummary(layer)}${isOpen ? " (open fields)" : ""}`;
  });
}

function hintOf(path: string): string {
  const name = path.split(".").at(-1);
  if (name === "solid" || name === "liquid") return materialNote(valueAt(path));
  return fieldAt(path).hint ?? "";
}

function showExports({ doses }: Calculation): void {
  for (const id of ["save-stack", "save-table"]) part<HTMLButtonElement>(id).disabled = doses === null;
  part("command").textContent = doses ? commandOf(doses, form.beam) : "The command appears with the doses.";
  part<HTMLTextAreaElement>("stack-text").value = doses ? stackFile(doses) : "";
  part<HTMLTextAreaElement>("table-text").value = doses ? csvTable(doses) : "";
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    part("copied").textContent = "The link is copied.";
  } catch {
    part("copied").textContent = "This browser does not allow copying here: copy the address of the page.";
  }
}

function save(name: string, id: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([part<HTMLTextAreaElement>(id).value], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function roomOf(): "narrow" | "wide" {
  const width = part("results").clientWidth;
  return width > 0 && width < NARROW ? "narrow" : "wide";
}

start();
