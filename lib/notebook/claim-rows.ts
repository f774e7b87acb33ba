// Table of claims: the statements of the paper, and the measurements of the notebooks.
import { type ClaimText, claimText } from "./claim-text.js";
import { type Claim, type ClaimKind, judge, type Measurement, type Verdict } from "./claims.js";

/** One row of the table of claims: one measurement of a claim, or a claim without any. */
export interface ClaimRow {
  readonly claim: Claim;
  readonly notebook: string | null;
  readonly measured: Measurement | null;
  readonly verdict: Verdict;
  readonly text: ClaimText;
}

/** Number of claims of a kind by verdict; a claim with two measurements counts once. */
export type ClaimCounts = Readonly<Record<ClaimKind, Readonly<Record<Verdict, number>>>>;

/**
 * The table of claims: every claim in the given order, then measurements of unknown ids.
 *
 * @example
 * const measured = new Map([["fig-05", [{ id: "max-dose-rate-farther", value: 7.1 }]]]);
 * claimRows(claims(), new Map()).length === claims().length; // true
 */
export function claimRows(
  known: readonly Claim[],
  measurements: ReadonlyMap<string, readonly Measurement[]>,
): ClaimRow[] {
  const measured = [...measurements].flatMap(([notebook, list]) =>
    list.map((one) => ({ notebook, measured: one })),
  );
  const rows = known.flatMap((claim): ClaimRow[] => {
    const own = measured.filter(({ measured: { id } }) => id === claim.id);
    if (own.length === 0) return [row(claim, null, null, "missing")];
    return own.map(({ notebook, measured: one }) => row(claim, notebook, one, judge(claim, one.value)));
  });
  const ids = new Set(known.map(({ id }) => id));
  const unknown = measured.filter(({ measured: { id } }) => !ids.has(id));
  return [
    ...rows,
    ...unknown.map(({ notebook, measured: one }) => row(unknownClaim(one.id), notebook, one, "differs")),
  ];
}

function row(
  claim: Claim,
  notebook: string | null,
  measured: Measurement | null,
  verdict: Verdict,
): ClaimRow {
  return { claim, notebook, measured, verdict, text: claimText(claim, measured) };
}

/** A measurement whose claim is unknown is shown and never agrees. */
function unknownClaim(id: string): Claim {
  const paper = { value: false, text: "no such claim in data/claims.json" };
  return { id, text: id, where: "", paper, tolerance: null, kind: "result" };
}

/**
 * Counts claims by kind and verdict. A claim differs where one of its measurements differs.
 *
 * @example
 * countClaims(claimRows(claims(), new Map())).result.missing; // claims that no notebook has measured
 */
export function countClaims(rows: readonly ClaimRow[]): ClaimCounts {
  const verdicts = new Map<string, ClaimRow>();
  for (const one of rows) {
    const before = verdicts.get(one.claim.id);
    if (!before || one.verdict === "differs") verdicts.set(one.claim.id, one);
  }
  const count = (kind: ClaimKind): Record<Verdict, number> => {
    const counts = { holds: 0, differs: 0, missing: 0 };
    for (const { claim, verdict } of verdicts.values()) if (claim.kind === kind) counts[verdict]++;
    return counts;
  };
  return { result: count("result"), calibrated: count("calibrated"), input: count("input") };
}
