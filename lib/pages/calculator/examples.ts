// Examples of the page: five cells, each with a beam and a measurement.
import { blankForm, blankLayer, type Form, type LayerForm } from "./form.js";

/** An example. */
export interface Example {
  readonly id: string;
  readonly title: string;
  readonly form: Form;
}

const layer = (name: string, given: Partial<LayerForm>): LayerForm => ({
  ...blankLayer(name),
  porosity: "0",
  ...given,
});

const blank = blankForm();

const camera = {
  pixel: "6.5",
  efficiency: "0.32",
  behind: "0.7",
  excess: "0.4",
  noise: "1.6",
  binned: "16",
};

/** A limit that stands for one that a reader has to measure or find. */
const placeholder = {
  ...blank.limit,
  kind: "benchmark",
  loss: "5",
  dose: "20",
  low: "16",
  high: "26",
  source: "Value for the example, not measured: replace it by a benchmark dose of your own material.",
};

const spread = {
  ...blank.spread,
  flux: "5",
  area: "2",
  exposure: "1",
  thickness: "10",
  porosity: "0.04",
  upstream: "5",
  tables: "2",
};

const celgard = (liquid: string): LayerForm =>
  layer("Separator", { solid: "Celgard 2500", thickness: "25", porosity: "0.55", liquid });

const rock: Form = {
  ...blank,
  layers: [
    layer("Diamond window", { solid: "formula", formula: "C", density: "3.5", thickness: "145" }),
    layer("Counter electrode", { solid: "lithium", thickness: "1000" }),
    celgard("paper electrolyte"),
    layer("Cathode", { solid: "LiNiO2", thickness: "10", porosity: "0.36", liquid: "paper electrolyte" }),
  ],
  absorber: "3",
  beam: {
    ...blank.beam,
    energy: "8390",
    flux: "1.041e12",
    width: "3315",
    height: "1202.5",
    exposure: "17320",
    peak: "1.9",
  },
  spread,
  limit: { ...blank.limit, kind: "published", id: "LiNiO2" },
  plan: {
    ...camera,
    edge: "8333",
    cubes: "1400",
    image: "0.0044",
    average: "10",
    flats: "120",
    signal: "20",
    margin: "1",
  },
};

/** All examples; the first one is shown at the start. */
export const examples: readonly Example[] = [
  {
    id: "rock",
    title: "The paper's cell: LiNiO₂, Ni K edge, diamond windows (Supporting Information)",
    form: rock,
  },
  {
    id: "nmc",
    title: "NMC811 by mass loading, Ni K edge scan from 8224 to 8900 eV",
    form: {
      ...rock,
      layers: [
        layer("Kapton window", { solid: "Kapton", thickness: "50" }),
        layer("Counter electrode", { solid: "lithium", thickness: "250" }),
        celgard("LP57"),
        layer("Cathode", { solid: "NMC811", by: "loading", loading: "8", porosity: "0.35", liquid: "LP57" }),
        layer("Current collector", { solid: "aluminum", thickness: "15" }),
      ],
      beam: {
        ...rock.beam,
        kind: "scan",
        energy: "",
        from: "8224",
        to: "8900",
        step: "1",
        flux: "2e11",
        width: "2000",
        height: "1000",
        exposure: "4",
        unit: "h",
        peak: "1.5",
      },
      limit: placeholder,
    },
  },
  {
    id: "lfp",
    title: "LFP, Fe K edge scan from 7000 to 7700 eV",
    form: {
      ...rock,
      layers: [
        layer("Kapton window", { solid: "Kapton", thickness: "50" }),
        layer("Counter electrode", { solid: "lithium", thickness: "250" }),
        layer("Separator", { solid: "Whatman GF/A", thickness: "260", porosity: "0.91", liquid: "LP30" }),
        layer("Cathode", { solid: "LFP", by: "loading", loading: "6", porosity: "0.4", liquid: "LP30" }),
        layer("Current collector", { solid: "aluminum", thickness: "15" }),
      ],
      beam: {
        ...rock.beam,
        kind: "scan",
        energy: "",
        from: "7000",
        to: "7700",
        step: "1",
        flux: "5e10",
        width: "1000",
        height: "300",
        exposure: "2",
        unit: "h",
        peak: "1.2",
      },
      limit: placeholder,
      plan: { ...rock.plan, edge: "7112", cubes: "600", average: "20" },
    },
  },
  {
    id: "graphite",
    title: "Graphite electrode, diffraction at 17 keV",
    form: {
      ...rock,
      layers: [
        layer("Kapton window", { solid: "Kapton", thickness: "50" }),
        layer("Counter electrode", { solid: "lithium", thickness: "250" }),
        celgard("LP57"),
        layer("Anode", { solid: "graphite", thickness: "70", porosity: "0.35", liquid: "LP57" }),
        layer("Current collector", { solid: "copper", thickness: "10" }),
      ],
      beam: {
        ...rock.beam,
        energy: "17000",
        flux: "1e13",
        width: "200",
        height: "200",
        exposure: "10",
        unit: "min",
        peak: "1.3",
      },
      limit: placeholder,
      plan: blank.plan,
    },
  },
  {
    id: "pouch",
    title: "Pouch cell, NMC622 and graphite, transmission at 30 keV",
    form: {
      ...rock,
      layers: [
        layer("Pouch polymer, front", { solid: "polypropylene", thickness: "80" }),
        layer("Pouch aluminum, front", { solid: "aluminum", thickness: "40" }),
        layer("Copper collector", { solid: "copper", thickness: "10" }),
        layer("Anode", { solid: "graphite", thickness: "80", porosity: "0.32", liquid: "LP57" }),
        layer("Separator", { solid: "Celgard 2325", thickness: "25", porosity: "0.39", liquid: "LP57" }),
        layer("Cathode", { solid: "NMC622", by: "loading", loading: "18", porosity: "0.3", liquid: "LP57" }),
        layer("Aluminum collector", { solid: "aluminum", thickness: "15" }),
        layer("Pouch aluminum, back", { solid: "aluminum", thickness: "40" }),
        layer("Pouch polymer, back", { solid: "polypropylene", thickness: "80" }),
      ],
      absorber: "5",
      beam: {
        ...rock.beam,
        energy: "30000",
        flux: "5e12",
        width: "1000",
        height: "1000",
        exposure: "1",
        unit: "h",
        peak: "1.2",
      },
      limit: placeholder,
      plan: blank.plan,
    },
  },
];
