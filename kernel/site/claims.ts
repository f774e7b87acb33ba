// The paper's numbers (data/claims.json), what the notebooks measured (site/claims/*.json), and what follows.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A number or a fact, as the paper or a notebook states it. An array is an interval. */
export type ClaimValue = number | string | boolean | readonly [number, number];

export interface Claim {
  id: string;
  text: string;
  /** Figure or section of the paper. */
  where: string;
  paper: { value: ClaimValue; unit?: string; text?: string };
  /** Largest deviation, absolute or as a share of the paper's number; null where there is no number to compare. */
  tolerance: { abs?: number; rel?: number } | null;
  /** An input of the simulation, calibrated to the paper, or a result of physics and analysis. */
  kind: "input" | "calibrated" | "result";
  configuration?: "farther" | "closer";
}

export interface Measurement {
  id: string;
  value: ClaimValue;
  unit?: string;
  uncertainty?: number | [number, number];
  note?: string;
  /** Number of the notebook's cell that measured it, from 1. */
  cell?: number;
  /** The notebook's own judgement: it counts where no tolerance can be applied. */
  verdict: "holds" | "differs";
}

/** "missing": no notebook has measured it. */
export type Verdict = "holds" | "differs" | "missing";

/** One line of the table. A claim that two notebooks measured has two lines, one that is missing has one. */
export interface ClaimRow {
  claim: Claim;
  notebook: string | null;
  measured: Measurement | null;
  verdict: Verdict;
}

/**
 * The claims of a file.
 *
 * @returns an empty list when there is no such file
 * @throws Error naming the file when it holds something else
 */
export function readClaims(path: string): Claim[] {
  if (!existsSync(path)) return [];
  const { claims } = parse(path) as { claims?: unknown };
  if (!Array.isArray(claims) || !claims.every(isClaim)) {
    throw new Error(
      `readClaims: expected { "claims": [{ "id", "text", "where", "paper", "kind" }] } in ${path}`,
    );
  }
  return claims;
}

/** What the notebooks measured: the measurement files of a folder, by notebook. */
export function readMeasurements(folder: string): Map<string, Measurement[]> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  const entries = files.sort().map((file) => {
    const path = join(folder, file);
    const { measurements } = parse(path) as { measurements?: unknown };
    if (!Array.isArray(measurements))
      throw new Error(`readMeasurements: expected { "measurements": [] } in ${path}`);
    return [basename(file, ".json"), measurements as Measurement[]] as const;
  });
  return new Map(entries);
}

/** The table: every claim in the order of the file, then what was measured under an unknown id. */
export function claimRows(
  claims: readonly Claim[],
  measurements: ReadonlyMap<string, Measurement[]>,
): ClaimRow[] {
  const all = [...measurements].flatMap(([notebook, list]) =>
    list.map((measured) => ({ notebook, measured })),
  );
  const rows = claims.flatMap((claim): ClaimRow[] => {
    const own = all.filter(({ measured }) => measured.id === claim.id);
    if (own.length === 0) return [{ claim, notebook: null, measured: null, verdict: "missing" }];
    return own.map(({ notebook, measured }) => ({
      claim,
      notebook,
      measured,
      verdict: judge(claim, measured),
    }));
  });
  const known = new Set(claims.map((claim) => claim.id));
  const strangers = all.filter(({ measured }) => !known.has(measured.id));
  return [...rows, ...strangers.map(({ notebook, measured }) => stranger(notebook, measured))];
}

/**
 * Whether a measurement agrees with the paper: by the tolerance where both state a number, else as the notebook judged.
 * With both an absolute and a relative tolerance, the wider one counts. A number that is not finite never agrees.
 */
export function judge({ paper, tolerance }: Claim, { value, verdict }: Measurement): "holds" | "differs" {
  if (tolerance === null || typeof value !== "number") return verdict === "holds" ? "holds" : "differs";
  const [low, high] = Array.isArray(paper.value) ? paper.value : [paper.value, paper.value];
  if (typeof low !== "number" || typeof high !== "number") return verdict === "holds" ? "holds" : "differs";
  const margin = Math.max(tolerance.abs ?? 0, (tolerance.rel ?? 0) * Math.max(Math.abs(low), Math.abs(high)));
  // Rounding of the bounds themselves must not decide: 0.7 + 0.1 is a little less than 0.8.
  const slack = 1e-12 * Math.max(1, Math.abs(low), Math.abs(high));
  return value >= low - margin - slack && value <= high + margin + slack ? "holds" : "differs";
}

/** A measurement whose claim is not in the file: shown, and never taken for agreement. */
function stranger(notebook: string, measured: Measurement): ClaimRow {
  const paper = { value: "no such claim in data/claims.json" };
  const claim: Claim = {
    id: measured.id,
    text: measured.id,
    where: "",
    paper,
    tolerance: null,
    kind: "result",
  };
  return { claim, notebook, measured, verdict: "differs" };
}

function parse(path: string): object {
  try {
    return JSON.parse(readFileSync(path, "utf8")) ?? {};
  } catch (cause) {
    throw new Error(`claims: expected JSON in ${path}, got ${(cause as Error).message}`, { cause });
  }
}

function isClaim(value: unknown): value is Claim {
  const { id, text, paper, kind } = (value ?? {}) as Partial<Claim>;
  const kinds = ["input", "calibrated", "result"];
  return (
    typeof id === "string" &&
    typeof text === "string" &&
    paper?.value !== undefined &&
    kinds.includes(kind ?? "")
  );
}
