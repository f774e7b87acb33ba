#!/usr/bin/python3
"""Writes the attenuation*.json from Debian's python3-xraydb (run by hand, results committed).

attenuation.json: Elam's tables as published, cut to 1-100 keV: knots in ln(energy / eV), values ln(cm2/g), and the second
derivatives of the cubic spline through them. An absorption edge is a pair of knots at the same energy; the spline is
evaluated in the interval an energy lies in, so nothing is smoothed across an edge. attenuation-chantler.json: Chantler's
tables, points to be joined by straight lines in double logarithmic scale. attenuation-fluorescence.json: Elam's levels,
emission lines and Coster-Kronig transitions above 1 keV. attenuation-reference.json: what xraydb's own program makes of
all this, for the tests.

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


CHANTLER = {
    "title": "X-ray attenuation of the elements H to U, 1 to 100 keV, a second table: photoabsorption and total",
    "source": "C. T. Chantler, J. Phys. Chem. Ref. Data 24, 71 (1995) and 29, 597 (2000); NIST Standard Reference Database 66",
    "obtained": f"XrayDB {xraydb.__version__} (python3-xraydb of Debian 12), table Chantler",
    "licence": "public domain",
    "units": "energy: eV, ascending; photo, total: cm2/g",
}

FLUORESCENCE = {
    "title": "Levels, emission lines and Coster-Kronig transitions of the elements H to U, levels from 1 to 100 keV",
    "source": "W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63, 121 (2002)",
    "obtained": f"XrayDB {xraydb.__version__} (python3-xraydb of Debian 12), tables xray_levels, xray_transitions, Coster_Kronig",
    "licence": "public domain",
    "units": "edge, energy: eV; lnEdge: the knot of the edge in attenuation.json; yield, share, probability: 0 to 1; jump: a ratio",
}

LEVELS = ["K", "L1", "L2", "L3", "M1", "M2", "M3", "M4", "M5"]


def chantler(db, z):
    symbol = db.execute("select element from elements where atomic_number = ?", (z,)).fetchone()[0]
    row = db.execute("select energy, mu_photo, mu_total from Chantler where element = ?", (symbol,)).fetchone()
    energy, photo, total = (json.loads(text) for text in row)
    s = knots([math.log(e) for e in energy])
    assert all(a < b for a, b in zip(energy[s], energy[s][1:])) and min(photo[s]) > 0
    energy = [float(f"{e:.10g}") for e in energy]  # the source's digits, without what binary fractions add
    return {"symbol": symbol, "energy": energy[s], "photo": photo[s], "total": total[s]}


def fluorescence(db, entry):
    """Levels in the order of falling edges, each with its lines and with where else its vacancies may go."""
    symbol, x = entry["symbol"], entry["photo"]["x"]
    edges = [a for a, b in zip(x, x[1:]) if a == b]
    levels = []
    for name in LEVELS:
        row = db.execute(
            "select absorption_edge, fluorescence_yield, jump_ratio from xray_levels where element = ? and iupac_symbol = ?",
            (symbol, name),
        ).fetchone()
        if row is None or not LOW <= row[0] <= HIGH:
            continue
        knot = min(edges, key=lambda a: abs(a - math.log(row[0])))
        assert abs(knot - math.log(row[0])) < 2e-4, (symbol, name)
        lines = db.execute(
            "select final_level, emission_energy, intensity from xray_transitions where element = ? and initial_level = ?",
            (symbol, name),
        ).fetchall()
        moves = db.execute(
            "select final_level, transition_probability from Coster_Kronig where element = ? and initial_level = ?",
            (symbol, name),
        ).fetchall()
        levels.append(
            {
                "level": name,
                "edge": row[0],
                "lnEdge": knot,
                "yield": row[1],
                "jump": row[2],
                "lines": [{"to": to, "energy": e, "share": share} for to, e, share in lines],
                "moves": [{"to": to, "probability": p} for to, p in moves if to in LEVELS],
            }
        )
    return {"symbol": symbol, "levels": levels}


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
    grid = np.array(sorted(float(f"{e:.6g}") for e in np.geomspace(1003.3, 98765.4, 12)))
    return {
        "symbol": entry["symbol"],
        "energy": energy,
        "photo": digits(mu["photo"]),
        "coherent": digits(mu["coh"]),
        "incoherent": digits(mu["incoh"]),
        "chantler": {
            "energy": list(grid),
            "photo": digits(xraydb.mu_chantler(entry["symbol"], grid, photo=True)),
            "total": digits(xraydb.mu_chantler(entry["symbol"], grid)),
        },
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
    write(HERE / "attenuation-chantler.json", CHANTLER, {"elements": [chantler(db, z) for z in range(1, LAST_Z + 1)]})
    write(
        HERE / "attenuation-fluorescence.json", FLUORESCENCE, {"elements": [fluorescence(db, entry) for entry in elements]}
    )
    formulas = ["LiNiO2", "C4H8O3", "LiNi0.8Mn0.1Co0.1O2", "(CH2)3CO3", "Ca5(PO4)3(OH)", "C3H6"]
    write(
        HERE / "attenuation-reference.json",
        {**ORIGIN, "title": "cm2/g as XrayDB itself evaluates Elam's tables, energies in eV; for the tests"},
        {
            "elements": [reference_element(entry) for entry in elements],
            "materials": [reference_material(formula) for formula in formulas],
        },
    )
