// The dose limit of the form: a published threshold, a benchmark dose, or a threshold of one's own.
import { short } from "../../compute/format.js";
import type { Convention } from "../../dose/convention.js";
import { publishedThresholds } from "../../dose/planner/index.js";
import type { ThresholdLike } from "../../dose/planner/thresholds.js";
import { quote } from "../../errors.js";
import { MGY } from "../../units.js";
import type { Form } from "./form.js";
import type { Reader } from "./reader.js";

/** A dose limit. */
export interface Limit {
  /** Gy */
  readonly dose: number;
  /** Gy */
  readonly interval?: readonly [number, number];
  /** What happens at this dose: "5 % of the response are lost". */
  readonly meaning: string;
  readonly source: string;
  /** For the planner, which uses the lower limit. */
  readonly planned: ThresholdLike;
}

/** The limit; undefined where there is none, or where it has a problem. */
export function readLimit(reader: Reader, limit: Form["limit"], convention: Convention): Limit | undefined {
  if (limit.kind === "none") return undefined;
  if (limit.kind === "published") {
    const id = reader.text("limit.id", limit.id);
    return id === undefined ? undefined : published(reader, id, convention);
  }
  const isBenchmark = limit.kind === "benchmark";
  if (!isBenchmark && limit.kind !== "threshold") {
    return reader.wrong(
      "limit.kind",
      `Expected none, published, benchmark or threshold, got ${quote(limit.kind)}.`,
    );
  }
  const loss = isBenchmark ? readLoss(reader, limit.loss) : 0;
  const dose = positive(reader, "limit.dose", limit.dose);
  const source = reader.text("limit.source", limit.source);
  const ends = readInterval(reader, limit, dose);
  if (loss === undefined || dose === undefined || source === undefined || ends === undefined)
    return undefined;
  const interval = ends && ([ends[0] * MGY, ends[1] * MGY] as const);
  return {
    dose: dose * MGY,
    ...(interval && { interval }),
    meaning: isBenchmark ? `${short(loss)} % of the response is lost` : "the threshold is reached",
    source,
    planned: ends
      ? { threshold: dose, interval: ends, unit: "MGy", verdict: source }
      : { dose: dose * MGY, source },
  };
}

function published(reader: Reader, id: string, convention: Convention): Limit | undefined {
  const found = publishedThresholds().find((one) => one.id === id);
  if (!found) return reader.wrong("limit.id", `Expected a published threshold, got ${quote(id)}.`);
  if (found.convention !== null && found.convention !== convention) {
    return reader.wrong(
      "limit.id",
      `This threshold holds for the convention ${found.convention}, and doses of different conventions cannot be compared; choose ${found.convention}, not ${convention}, as the convention below.`,
    );
  }
  return {
    dose: found.dose,
    meaning: `the threshold "${found.id}" is reached`,
    source: `${found.material}: ${found.criterion}. ${found.citation}. Note: ${found.note}.`,
    planned: found.id,
  };
}

function readLoss(reader: Reader, text: string): number | undefined {
  const loss = reader.number("limit.loss", text);
  if (loss === undefined || (loss > 0 && loss < 100)) return loss;
  return reader.wrong("limit.loss", `Expected a loss above 0 and below 100 %, got ${loss}.`);
}

function positive(reader: Reader, path: string, text: string): number | undefined {
  const value = reader.number(path, text);
  if (value === undefined || value > 0) return value;
  return reader.wrong(path, `Expected a dose above 0 MGy, got ${value}.`);
}

/** [low, high] in MGy; null where a threshold has none; undefined after a problem. */
function readInterval(
  reader: Reader,
  limit: Form["limit"],
  dose: number | undefined,
): readonly [number, number] | null | undefined {
  // A benchmark dose always has limits. A threshold has both or none.
  const none = limit.kind === "threshold" && limit.low.trim() === "" && limit.high.trim() === "";
  if (none) return null;
  const low = positive(reader, "limit.low", limit.low);
  const high = positive(reader, "limit.high", limit.high);
  if (low === undefined || high === undefined || dose === undefined) return undefined;
  if (low > dose) return reader.wrong("limit.low", `Expected at most the dose of ${dose} MGy, got ${low}.`);
  if (high < dose)
    return reader.wrong("limit.high", `Expected at least the dose of ${dose} MGy, got ${high}.`);
  return [low, high];
}
