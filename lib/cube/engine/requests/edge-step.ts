import { shared } from "../shared.js";
import type { RequestKind } from "./kind.js";

/** Edge step of every selected pixel; data: [nTimes, nPixels]. */
export const edgeStep: RequestKind<"edgeStep"> = {
  allocate: (_, { nTimes, nSelected }) => ({ data: shared(Float64Array, nTimes * nSelected) }),

  writer(_, { place, nSelected, shared: { data } }) {
    return {
      tile({ edgeSteps, count, first, t }) {
        for (let j = 0; j < count; j++) {
          const at = place[first + j];
          if (at >= 0) data[t * nSelected + at] = edgeSteps[j];
        }
      },
    };
  },
};
