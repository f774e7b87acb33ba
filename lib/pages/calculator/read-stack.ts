// The layers of the form as a stack.
import { Layer } from "../../dose/layer.js";
import { thicknessOfLoading } from "../../dose/loading.js";
import { Material } from "../../dose/material.js";
import { material } from "../../dose/materials.js";
import { Stack } from "../../dose/stack.js";
import type { LayerForm } from "./form.js";
import type { Reader } from "./reader.js";

/** The stack; undefined where a layer has a problem. */
export function readStack(reader: Reader, layers: readonly LayerForm[], absorber: string): Stack | undefined {
  const read = layers.map((layer, i) => readLayer(reader, layer, `layers.${i}`));
  const names = read.map((layer) => layer?.name);
  names.forEach((name, i) => {
    if (name !== undefined && names.indexOf(name) < i) {
      reader.wrong(
        `layers.${i}.name`,
        `Expected layers of different names, got "${name}" twice; rename one.`,
      );
    }
  });
  const complete = read.filter((layer) => layer !== undefined);
  if (complete.length < layers.length || new Set(names).size < names.length) return undefined;
  const index = /^\d+$/.test(absorber) ? Number(absorber) : absorber;
  return reader.attempt(() => new Stack(complete, { absorber: index }), {}, "absorber");
}

function readLayer(reader: Reader, layer: LayerForm, at: string): Layer | undefined {
  const name = reader.text(`${at}.name`, layer.name);
  const solid = readMaterial(reader, layer.solid, {
    choice: `${at}.solid`,
    formula: [`${at}.formula`, layer.formula],
    density: [`${at}.density`, layer.density],
  });
  const liquid =
    layer.liquid === "none"
      ? undefined
      : readMaterial(reader, layer.liquid, {
          choice: `${at}.liquid`,
          formula: [`${at}.liquidFormula`, layer.liquidFormula],
          density: [`${at}.liquidDensity`, layer.liquidDensity],
        });
  const porosity = reader.number(`${at}.porosity`, layer.porosity);
  const size = layer.by === "loading" ? "loading" : "thickness";
  const given = reader.number(`${at}.${size}`, layer[size]);
  if (name === undefined || solid === undefined || porosity === undefined || given === undefined)
    return undefined;
  if (layer.liquid !== "none" && liquid === undefined) return undefined;
  const fields = { porosity: `${at}.porosity`, name: `${at}.name`, liquid: `${at}.liquid` };
  return reader.attempt(
    () => {
      const thickness = size === "loading" ? thicknessOfLoading({ solid, loading: given, porosity }) : given;
      return new Layer({ name, solid, ...(liquid && { liquid }), thickness, porosity });
    },
    fields,
    `${at}.${size}`,
  );
}

interface MaterialFields {
  readonly choice: string;
  /** Path and text. */
  readonly formula: readonly [string, string];
  readonly density: readonly [string, string];
}

function readMaterial(
  reader: Reader,
  chosen: string,
  { choice, formula, density }: MaterialFields,
): Material | undefined {
  const name = reader.text(choice, chosen);
  if (name === undefined) return undefined;
  if (name !== "formula") return reader.attempt(() => material(name), {}, choice);
  const text = reader.text(...formula);
  // Both fields are judged, also where the other one is still empty.
  const known =
    text !== undefined &&
    reader.attempt(() => new Material({ formula: text, density: 1 }), {}, formula[0]) !== undefined;
  const value = reader.number(...density);
  if (text === undefined || !known || value === undefined) return undefined;
  return reader.attempt(() => new Material({ formula: text, density: value }), {}, density[0]);
}
