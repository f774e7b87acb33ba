# MCR-ALS as textbooks have it, in NumPy and SciPy: concentrations, then spectra, each by non-negative least squares of one row
# or column after another (scipy.optimize.nnls), or by ordinary least squares with negative values set to zero; closure by
# scaling the rows of C. Reads JSON { D, S | C, iterations, method, closure } from standard input; with C instead of S to start
# from, spectra come first. Prints JSON { trace, C, S }, the trace being the lack of fit in % after each iteration.
import json
import sys

import numpy as np
from scipy.optimize import nnls


def solve(A, B, method):
    """X >= 0 with A X = B."""
    if method == "nnls":
        return np.array([nnls(A, b)[0] for b in B.T]).T
    return np.clip(np.linalg.lstsq(A, B, rcond=None)[0], 0, None)


x = json.load(sys.stdin)
D = np.array(x["D"])
S = np.array(x["S"]) if x.get("S") else None
C = np.array(x["C"]) if x.get("C") else None
spectra_first = S is None
trace = []
for _ in range(x["iterations"]):
    for step in ("SC" if spectra_first else "CS"):
        if step == "C":
            C = solve(S.T, D.T, x["method"]).T
            if x.get("closure"):
                C = C / C.sum(axis=1, keepdims=True)
        else:
            S = solve(C, D, x["method"])
    E = D - C @ S
    trace.append(100 * np.sqrt((E**2).sum() / (D**2).sum()))
print(json.dumps(dict(trace=trace, C=C.tolist(), S=S.tolist())))
