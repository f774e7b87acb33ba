// The registry of requests: a new kind is one file and one line here.
import { feature } from "./feature.js";
import { fit } from "./fit.js";
import { fitTo } from "./fit-to.js";
import { image } from "./image.js";
import type { RequestKind } from "./kind.js";
import { mean } from "./mean.js";
import { pieces } from "./pieces.js";
import type { Request } from "./request.js";
import { rowSums } from "./row-sums.js";
import { save } from "./save.js";
import { scoresTo } from "./scores-to.js";
import { spectra } from "./spectra.js";
import { total } from "./total.js";

const requests: { readonly [K in Request["kind"]]: RequestKind<K> } = {
  mean,
  spectra,
  save,
  image,
  feature,
  fit,
  fitTo,
  rowSums,
  scoresTo,
  pieces,
  total,
};

/** How a request is answered. */
export function requestKind({ kind }: Request): RequestKind<Request["kind"]> {
  return requests[kind] as RequestKind<Request["kind"]>;
}
