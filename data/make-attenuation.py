#!/usr/bin/python3
"""Writes attenuation.json and attenuation-reference.json from Debian's python3-xraydb (run by hand, results committed).

attenuation.json: Elam's tables as published, cut to 1-100 keV: knots in ln(energy / eV), values ln(cm2/g), and the second
derivatives of the cubic spline through them. An absorption edge is a pair of knots at the same energy; the spline is
evaluated in the interval an energy lies in, so nothing is smoothed across an edge. attenuation-reference.json: the same
quantities as xraydb's own program evaluates them, for the tests.

Usage: apt-get install python3-xraydb; /usr/bin/python3 data/make-attenuation.py
"""

import json
import math
import pathlib
import sqlite3

import numpy as np
import xraydb

LAST_Z = 92
LOW, HIGH = 1e3, 1e5  # eV, the range that the library offers
HERE = pathlib.Path(__file__).parent

ORIGIN = {
    "title": "X-ray attenuation of the elements H to U, 1 to 100 keV: photoabsorption, coherent and incoherent scattering",
    "source": "W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)",
    "obtained": f"XrayDB {xraydb.__version__} (python3-xraydb of Debian 12), tables photoabsorption, scattering, elements",
    "licence": "public domain",
    "units": "x: ln(energy / eV); y: ln(cross section / (cm2/g)); d: d2y/dx2 at the knot; mass: g/mol",
}


def knots(x):
    """The smallest run of knots that encloses LOW..HIGH."""
    first = max(i for i, v in enumerate(x) if v <= math.log(LOW))
    last = min(i for i, v in enumerate(x) if v >= math.log(HIGH))
    return slice(first, last + 1)


def element(db, z):
    symbol, mass = db.execute("select element, molar_mass from elements where atomic_number = ?", (z,)).fetchone()
    read = lambda table, names: [
        json.loads(text) for text in db.execute(f"select {names} from {table} where element = ?", (symbol,)).fetchone()
    ]
    photo = read("photoabsorption", "log_energy, log_photoabsorption, log_photoabsorption_spline")
    scatter = read(
        "scattering",
        "log_energy, log_coherent_scatter, log_coherent_scatter_spline, log_incoherent_scatter, log_incoherent_scatter_spline",
    )
    p, s = knots(photo[0]), knots(scatter[0])
    x, coherent, coherent_d, incoherent, incoherent_d = (column[s] for column in scatter)
    return {
        "z": z,
        "symbol": symbol,
        "mass": mass,
        "photo": dict(zip("xyd", (column[p] for column in photo))),
        "coherent": {"x": x, "y": coherent, "d": coherent_d},
        "incoherent": {"x": x, "y": incoherent, "d": incoherent_d},
    }


def reference_energies(entry):
    """A grid that misses the knots, and both sides of every edge."""
    grid = list(np.geomspace(1001.3, 99900.0, 9))
    x = entry["photo"]["x"]
    for a, b in zip(x, x[1:]):
        if a == b and math.log(LOW) + 1e-3 < a < math.log(HIGH):
            grid += [math.exp(a) * (1 - 1e-6), math.exp(a) * (1 + 1e-6)]
    return sorted(round(float(e), 4) for e in grid)


def reference_element(entry):
    energy = reference_energies(entry)
    mu = {kind: xraydb.mu_elam(entry["symbol"], np.array(energy), kind=kind) for kind in ("photo", "coh", "incoh")}
    digits = lambda values: [float(f"{v:.7g}") for v in values]
    return {
        "symbol": entry["symbol"],
        "energy": energy,
        "photo": digits(mu["photo"]),
        "coherent": digits(mu["coh"]),
        "incoherent": digits(mu["incoh"]),
    }


def reference_material(formula):
    energy = [1234.5, 8266.0, 8390.0, 8878.0, 31415.9]
    mu = xraydb.material_mu(formula, np.array(energy), density=1.0)
    return {"formula": formula, "energy": energy, "total": [float(f"{v:.7g}") for v in mu]}


def write(path, head, lists):
    """JSON with one entry of each list a line, so that a change shows as a readable difference."""
    parts = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()]
    for name, entries in lists.items():
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
        parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="ascii")


if __name__ == "__main__":
    database = pathlib.Path(xraydb.__file__).parent / "xraydb.sqlite"
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    elements = [element(db, z) for z in range(1, LAST_Z + 1)]
    write(HERE / "attenuation.json", ORIGIN, {"elements": elements})
    formulas = ["LiNiO2", "C4H8O3", "LiNi0.8Mn0.1Co0.1O2", "(CH2)3CO3", "Ca5(PO4)3(OH)", "C3H6"]
    write(
        HERE / "attenuation-reference.json",
        {**ORIGIN, "title": "cm2/g as XrayDB itself evaluates Elam's tables, energies in eV; for the tests"},
        {
            "elements": [reference_element(entry) for entry in elements],
            "materials": [reference_material(formula) for formula in formulas],
        },
    )
