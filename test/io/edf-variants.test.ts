// EDF as others write it: each variant is read right, or refused with the true reason. fabio is asked for a second opinion.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { Cube } from "../../lib/cube/cube.js";
import { ArgumentError } from "../../lib/errors.js";
import { EdfFile, readEdf } from "../../lib/io/edf.js";
import { frameQuantity } from "../../lib/io/frame-quantities.js";
import { block, fileError, put, shortBytes, shorts, temporaryFolder } from "./support.js";

const folder = temporaryFolder();
const numbers = [0, 1, 2, 3, 4, 65535];
const without = (...keys: string[]) => shorts.filter((line) => !keys.some((key) => line.startsWith(key)));
const text = (content: string) => Buffer.from(content, "utf8");
const read = async (content: Uint8Array, name = "variant.edf") =>
  (await readEdf(put(folder, name, content))).frames;
const images = async (content: Uint8Array) => (await read(content)).map((frame) => Array.from(frame.data));
const title = async (line: string) => (await read(block([line, ...shorts], shortBytes)))[0].header.title;
const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(512 - bytes.length)]);

/** A block of the numbers, and one of variances, with an identifier as ESRF's programs write it. */
const kind = (id: string) => block([`EDF_DataBlockID = ${id}`, ...shorts.slice(1)], shortBytes);
const variances = (id: string) =>
  block(
    [`EDF_DataBlockID = ${id}`, ...without("HeaderID", "DataType", "Size"), "DataType = FloatValue"],
    Buffer.alloc(24, 1),
  );

/** Every variant with the images that are in it. fabio, where it is there, has to see the same. */
const variants: Record<string, [content: Uint8Array, images: number[][]]> = {
  "Size is that of the padded block": [
    Buffer.concat([1, 2].map(() => block([...without("Size"), "Size = 512"], padded(shortBytes)))),
    [numbers, numbers],
  ],
  "Size names padding that the last block lacks": [
    Buffer.concat([
      block([...without("Size"), "Size = 512"], padded(shortBytes)),
      block([...without("Size"), "Size = 512"], shortBytes),
    ]),
    [numbers, numbers],
  ],
  "a header that is no multiple of 512 bytes": [
    Buffer.concat([1, 2].map(() => Buffer.concat([text(`{\n${shorts.join(" ;\n")} ;\n}\n`), shortBytes]))),
    [numbers, numbers],
  ],
  "several entries per line": [
    Buffer.concat([text(`{ ${shorts.join("; ")}; title = a b; energy = 8333; }\n`), shortBytes]),
    [numbers],
  ],
  "\\r\\n and NUL padding": [
    Buffer.concat([
      text(`{\r\n${shorts.map((line) => `${line} ; \r\n`).join("")}`.padEnd(509, "\0")),
      text("}\r\n"),
      shortBytes,
    ]),
    [numbers],
  ],
  "remarks between the entries": [
    block(["# a remark\n# Dim_1 = 7\nHeaderID = EH:1:0:0", ...shorts.slice(1)], shortBytes),
    [numbers],
  ],
  "EDF_HeaderSize that is no number (PSICHE)": [
    block(["EDF_HeaderSize = header_length", ...shorts], shortBytes, 1024),
    [numbers],
  ],
  "Compression = None": [block([...shorts, "Compression = None"], shortBytes), [numbers]],
  "an empty Compression": [block([...shorts, "Compression ="], shortBytes), [numbers]],
  "a general header before the images": [
    Buffer.concat([
      block(
        [
          "EDF_DataFormatVersion = 2.40",
          "EDF_HeaderSize = 512",
          "EDF_BinarySize = 0",
          ...shorts.slice(2, 6),
          "title = all",
        ].filter((line) => !line.startsWith("Dim")),
        new Uint8Array(0),
      ),
      ...[1, 2].map((k) =>
        block(
          [`EDF_DataBlockID = ${k}.Image.Psd`, "EDF_BinarySize = 12", "Dim_1 = 3", "Dim_2 = 2"],
          shortBytes,
        ),
      ),
    ]),
    [numbers, numbers],
  ],
};

/** What fabio reads otherwise: as one array of three dimensions, or only the first. */
const ours: typeof variants = {
  "Num_Images under one header (GE detectors)": [
    block([...shorts, "Num_Images = 3"], Buffer.concat([shortBytes, shortBytes, shortBytes])),
    [numbers, numbers, numbers],
  ],
  "Num_Images in the header of each image": [
    Buffer.concat([1, 2].map(() => block([...shorts, "Num_Images = 2"], shortBytes))),
    [numbers, numbers],
  ],
  "Dim_3 images under one header": [
    block([...without("Size"), "Dim_3 = 2", "Size = 24"], Buffer.concat([shortBytes, shortBytes])),
    [numbers, numbers],
  ],
  "a plane of variances behind each image, of another type (n.Image.Error)": [
    Buffer.concat([1, 2].flatMap((n) => [kind(`${n}.Image.Psd`), variances(`${n}.Image.Error`)])),
    [numbers, numbers],
  ],
  "planes of variances behind all images, none with a chain number": [
    Buffer.concat([
      ...["1.Image.Psd.1", "2", "3.Image.Psd"].map((id) => kind(id)),
      ...["1.Image.Error", "2.image.error", "3.Image.Error.2"].map(variances),
      text("\n"),
    ]),
    [numbers, numbers, numbers],
  ],
  "ByteOrder = LittleEndian": [
    block([...without("ByteOrder"), "ByteOrder = little_endian"], shortBytes),
    [numbers],
  ],
};

describe.each(Object.entries({ ...variants, ...ours }))("%s", (_, [content, expected]) => {
  test("is read by readEdf, also from gzip, and by EdfFile", async () => {
    expect(await images(content)).toEqual(expected);
    expect(await images(gzipSync(content))).toEqual(expected);
    const file = EdfFile.openSync(put(folder, "variant.edf", content));
    const out = new Float32Array(6);
    expected.forEach((image, k) => {
      file.readRows(k, 0, 2, out);
      expect(Array.from(out)).toEqual(image);
    });
    expect(file.frames).toHaveLength(expected.length);
    file.close();
  });
});

describe("agreement with fabio", () => {
  let fabio = false;
  beforeAll(() => {
    try {
      execFileSync("/usr/bin/python3", ["-c", "import fabio"], { stdio: "ignore" });
      fabio = true;
    } catch {
      // Skipped below.
    }
  });

  test("on every variant that it knows", ({ skip }) => {
    skip(!fabio, "no python3 with fabio");
    const paths = Object.values(variants).map(([content], k) => put(folder, `peer-${k}.edf`, content));
    const script = `
import fabio, json, sys
print(json.dumps([[f.data.ravel().tolist() for f in fabio.open(path).frames()] for path in sys.argv[1:]]))`;
    const seen = execFileSync("/usr/bin/python3", ["-c", script, ...paths], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(JSON.parse(seen)).toEqual(Object.values(variants).map(([, expected]) => expected));
  });
});

describe("names of types, as programs spell them", () => {
  test.each([
    ["UnsignedShort", "Unsigned16", "UNSIGNED_SHORT", "unsigned short", "UnsignedShortInteger"],
    ["SignedInteger", "SignedLong", "Signed32", "SIGNED_LONG", "Integer"],
    ["FloatValue", "FLOAT_IEEE32", "Real", "float", "FloatIEEE32", "Float32"],
    ["DoubleValue", "DOUBLE", "Float_IEEE64", "DoubleIEEE64"],
  ])("%s is also %s, ...", async (...names) => {
    const width = { U: 2, S: 4, F: 4, D: 8 }[names[0][0] as "U"] ?? 0;
    const bytes = Uint8Array.from({ length: 6 * width }, (_, i) => (7 * i) % 60);
    const as = (name: string) => images(block([...without("DataType", "Size"), `DataType = ${name}`], bytes));
    const expected = await as(names[0]);
    for (const name of names) expect(await as(name)).toEqual(expected);
  });

  test.each(["QuadrupleValue", "UnsignedLongDouble", "Complex", ""])(
    "%s is refused by name",
    async (name) => {
      const error = await fileError(() => as(name));
      expect(error.message).toMatch(/expected a DataType of .*; convert the file/);
      expect(error.message).toContain(`got ${JSON.stringify(name)}`);
    },
  );
  const as = (name: string) => read(block([...without("DataType"), `DataType = ${name}`], shortBytes));
});

describe("kinds of blocks", () => {
  test.each(["1.Image.2", "1.Image.Psd.2", "1.Mask.Psd", "1.Image.Pse", "1.General.All"])(
    "%s beside images is refused by name",
    async (id) => {
      const error = await fileError(() => read(Buffer.concat([kind("1.Image.Psd"), kind(id)])));
      expect(error.message).toMatch(/expected blocks of images \(n\.Image\.Psd\).* in frame 1 at byte 524/);
      expect(error.message).toContain(`got EDF_DataBlockID = ${JSON.stringify(id)}`);
    },
  );

  test("variances alone are no images", async () => {
    const alone = Buffer.concat([variances("1.Image.Error"), variances("2.Image.Error")]);
    for (const content of [alone, gzipSync(alone)]) {
      const error = await fileError(() => read(content));
      expect(error.message).toMatch(/expected images .* of the kind Image\.Psd, got none/);
    }
  });

  test("a scan that was stopped in the variances of its last image", async () => {
    const path = put(
      folder,
      "stopped.edf",
      Buffer.concat([kind("1.Image.Psd"), variances("1.Image.Error").subarray(0, 520)]),
    );
    // The images are whole, but the file is not.
    await fileError(() => readEdf(path));
    const { frames } = await readEdf(path, { incomplete: "keep" });
    expect(frames.map((frame) => Array.from(frame.data))).toEqual([numbers]);
  });
});

describe("texts in the header", () => {
  test.each([
    "ref; energy = 9000",
    "a;b;c",
    "Dim_1 = 7; Dim_2 = 9",
    "x = 1; y = 2",
    "Échantillon 10 µm ☢",
    "ends with = ;x",
    "{ not } the end }",
  ])("title = %s", async (value) => {
    // A text may hold what looks like other entries; those that describe the data stand in lines of their own.
    const [frame] = await read(
      Buffer.concat([blockOf([`title = ${value}`, ...shorts, "energy = 8333"]), shortBytes]),
    );
    expect(frame.header.title).toBe(value);
    expect(frame.header.energy).toBe("8333");
    expect(Array.from(frame.data)).toEqual(numbers);
  });

  test("Latin-1 where the header is no UTF-8", async () => {
    expect(await title("title = 10 \xb5m")).toBe("10 \xb5m");
  });

  test("values of a repeated key are all kept, whatever its case", async () => {
    const [frame] = await read(block([...shorts, "comment = a", "Comment = b", "COMMENT = a"], shortBytes));
    expect(frame.header.comment).toBe("a\nb");
    expect(Object.keys(frame.header).filter((key) => /comment/i.test(key))).toEqual(["comment"]);
  });

  test("the same number twice, in two spellings, is one number", async () => {
    const [frame] = await read(block([...shorts, "energy = 8333", "Energy = 8333.0"], shortBytes));
    expect(frameQuantity(frame.header, "energy")).toBe(8333);
  });

  function blockOf(lines: string[]): Buffer {
    const body = Buffer.from(`{\n${lines.map((line) => `${line} ;\n`).join("")}`, "utf8");
    return Buffer.concat([body, Buffer.alloc(510 - body.length, " "), Buffer.from("}\n")]);
  }
});

describe("a scan that was stopped", () => {
  const good = block(shorts, shortBytes);
  test.each<[string, Uint8Array]>([
    ["in the data of an image", Buffer.concat([good, good, good.subarray(0, 520)])],
    ["in a header", Buffer.concat([good, good, good.subarray(0, 100)])],
    [
      "before the images that Num_Images announces",
      Buffer.concat([1, 2].map(() => block([...shorts, "Num_Images = 5"], shortBytes))),
    ],
    ["in reserved room", Buffer.concat([good, good, new Uint8Array(2000)])],
  ])("%s: refused with the number of whole frames, kept when asked for", async (_, content) => {
    const path = put(folder, "stopped.edf", content);
    const error = await fileError(() => readEdf(path));
    expect(error.message).toMatch(
      /; the first 2 frames are whole: readEdf\(path, \{ incomplete: "keep" \}\) gives them$/,
    );
    const { frames } = await readEdf(path, { incomplete: "keep" });
    expect(frames.map((frame) => Array.from(frame.data))).toEqual([numbers, numbers]);
    const file = EdfFile.openSync(path, { incomplete: "keep" });
    expect(file.frames).toHaveLength(2);
    file.close();
  });

  test("before its first image is whole: refused in any case", async () => {
    const path = put(folder, "stopped.edf", good.subarray(0, 520));
    const error = await fileError(() => readEdf(path, { incomplete: "keep" }));
    expect(error.message).toMatch(/expected 12 bytes of data, got 8/);
  });

  test("a file with something else at its end is no stopped scan", async () => {
    const path = put(folder, "stopped.edf", Buffer.concat([good, text("garbage")]));
    await fileError(() => readEdf(path, { incomplete: "keep" }));
  });

  test("misspelt options and values are refused", async () => {
    const path = put(folder, "good.edf", good);
    await expect(readEdf(path, { incomplet: "keep" } as never)).rejects.toThrow(
      /did you mean "incomplete"\?/,
    );
    await expect(readEdf(path, { incomplete: "kep" } as never)).rejects.toThrow(/did you mean "keep"\?/);
    expect(() => EdfFile.openSync(path, { keep: true } as never)).toThrow(ArgumentError);
  });
});

describe("energy, exposure and ring current under their many names", () => {
  const motors = { motor_mne: "samy energy mono", motor_pos: "1.5 8.333 13.7" };
  const counters = { counter_mne: "sec mon srcur", counter_pos: "0.25 1e5 192.5" };
  test.each<[string, Parameters<typeof frameQuantity>[1], Record<string, string>, number]>([
    ["a plain number", "energy", { Energy: "8333" }, 8333],
    ["eV", "energy", { energy: "8333.5 eV" }, 8333.5],
    ["keV", "energy", { energy: "8.333 keV" }, 8333],
    ["a motor", "energy", motors, 8.333],
    ["its own key before a motor", "energy", { ...motors, energy: "8340" }, 8340],
    [
      "its own key before a motor in eV",
      "energy",
      { motor_mne: "energy", motor_pos: "8333", energy: "8340" },
      8340,
    ],
    ["its own key, empty", "energy", { ...motors, energy: "" }, 8.333],
    ["count_time", "exposure_time", { count_time: "0.1" }, 0.1],
    ["milliseconds", "exposure_time", { exposure_time: "20 ms" }, 0.02],
    ["a counter", "exposure_time", counters, 0.25],
    ["SRCUR", "ring_current", { SRCUR: "192.5 mA" }, 192.5],
    ["ampere", "ring_current", { ring_current: "0.5 A" }, 500],
    ["a counter", "ring_current", counters, 192.5],
  ])("%s", (_, quantity, header, expected) => {
    expect(frameQuantity(header, quantity)).toBeCloseTo(expected, 9);
  });

  test("what no header names is NaN", () => {
    expect(frameQuantity({ title: "energy", ...counters }, "energy")).toBeNaN();
  });

  test.each<[Parameters<typeof frameQuantity>[1], Record<string, string>, RegExp]>([
    ["energy", { energy: "8333,5" }, /expected energy as a number in eV, got "8333,5"/],
    ["energy", { energy: "13 deg" }, /got "13 deg"/],
    ["exposure_time", { exposure_time: "0x10" }, /expected exposure_time as a number in s/],
    ["ring_current", { SRCUR: "200 W" }, /expected srcur as a number in mA, got "200 W"/],
    ["energy", { ...motors, energy: "8979" }, /one energy, got "8979" in energy and 8.333 among the motors/],
    [
      "energy",
      { ENERGY: "8979", motor_mne: "energy", motor_pos: "8333" },
      /one energy, got "8979" in energy/,
    ],
    ["ring_current", { counter_mne: "a srcur", counter_pos: "1" }, /2 numbers in counter_pos.*got 1/],
  ])("what is not understood is no number: %s of %o", (quantity, header, message) => {
    expect(frameQuantity(header, quantity)).toMatch(message);
  });

  const scan = (...headers: string[][]) =>
    Buffer.concat(headers.map((lines) => block([...shorts, ...lines], shortBytes)));

  test("a cube takes them from motors and counters", async () => {
    const lines = (energy: number, current: number) => [
      "motor_mne = samy energy",
      `motor_pos = 0 ${energy}`,
      "counter_mne = sec srcur",
      `counter_pos = 0.1 ${current}`,
    ];
    const sample = put(folder, "sample.edf", scan(lines(8300, 200), lines(8400, 100)));
    const flat = put(folder, "flat.edf", scan(lines(8300, 200), lines(8400, 200)));
    const cube = Cube.load({ sample, flat });
    expect(cube.schema.energies).toEqual([8300, 8400]);
    const { values } = await cube.absorb().image({ energy: 8400 });
    // Half the current, the same counts: twice the transmission.
    expect(values[1]).toBeCloseTo(-Math.log(2), 5);
  });

  test("a ring current that is not understood is refused, energies can be given", async () => {
    const sample = put(folder, "sample.edf", scan(["energy = 8,3 keV"], ["energy = 8,4 keV"]));
    expect(() => Cube.load({ sample })).toThrow(
      /got a header that is not understood \(expected energy as a number in eV/,
    );
    expect(Cube.load({ sample, energies: [8300, 8400] }).schema.energies).toEqual([8300, 8400]);
    const strange = put(folder, "strange.edf", scan(["SRCUR = 200 W"], ["SRCUR = 200 W"]));
    const cube = Cube.load({ sample: strange, flat: sample, energies: [8300, 8400] });
    await expect(cube.absorb().image({ energy: 8400 })).rejects.toThrow(
      /expected srcur as a number in mA, got "200 W"/,
    );
  });

  test("one image per file is recognized; one image alone is no scan", () => {
    const paths = [1, 2, 3].map((k) => put(folder, `one_${k}.edf`, scan([`energy = ${8300 + k}`])));
    expect(Cube.load({ sample: join(folder, "one_*.edf") }).schema.energies).toEqual([8301, 8302, 8303]);
    expect(() => Cube.load({ sample: paths[0] })).toThrow(
      `expected images at two energies or more, got 1 image in ${paths[0]}`,
    );
  });
});
