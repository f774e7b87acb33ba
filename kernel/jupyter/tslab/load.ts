// Loads tslab with Node's module resolution. tslab uses TypeScript's old "node10" resolution, which supports
// neither the "exports" of packages nor a package that imports itself: `import { Cube } from "operandose"`
// would have no types in a cell. The files of tslab are not changed; it gets a compiler with other defaults.
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { place } from "../../places.js";
import { isPackage } from "./missing-package.js";

const require = createRequire(import.meta.url);

/** Parts of tslab in the kernel. */
export interface Tslab {
  jupyter: typeof import("tslab/dist/jupyter.js");
  createConverter: typeof import("tslab/dist/converter.js").createConverter;
  createExecutor: typeof import("tslab/dist/executor.js").createExecutor;
  /** The TypeScript package of the cells. */
  ts: typeof TypeScript;
}

const library = place("dist/index.js");

/** Folder of the types of Node, which this package depends on. */
const nodeTypes = dirname(dirname(require.resolve("@types/node/package.json")));

/**
 * Notebooks in other folders import a package from their own folder, or, where it has none, from this
 * repository: its imports are resolved from this file.
 */
const fallback = place("package.json");

/**
 * Where the compiler sees the files of this package. A variable of a cell may have any type of the library, and
 * below node_modules the compiler refuses to declare one whose type the package does not export by name.
 */
const TYPES = "/operandose/";

let loaded: Tslab | null = null;

/** tslab, loaded once with other defaults of the compiler, for notebooks in every folder. */
export function loadTslab(): Tslab {
  loaded ??= load();
  return loaded;
}

function load(): Tslab {
  const path = createRequire(require.resolve("tslab")).resolve("@tslab/typescript-for-tslab");
  const ts = require(path) as typeof TypeScript;
  const cached = require.cache[path];
  if (!cached) throw new Error(`kernel: expected ${path} in the module cache`);
  cached.exports = { ...ts, sys: quietSystem(ts), createWatchCompilerHost: watchHost(ts) };
  resolveFromHere();
  return {
    jupyter: require("tslab/dist/jupyter.js"),
    createConverter: require("tslab/dist/converter.js").createConverter,
    createExecutor: require("tslab/dist/executor.js").createExecutor,
    ts,
  };
}

function watchHost(ts: typeof TypeScript) {
  return (files: string[], options: TypeScript.CompilerOptions, ...rest: unknown[]) => {
    const create = ts.createWatchCompilerHost as (...args: unknown[]) => Host;
    const changed: TypeScript.CompilerOptions = {
      ...options,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: ["node"],
      typeRoots: [...(options.typeRoots ?? []), nodeTypes],
      paths: { operandose: [`${TYPES}dist/index.d.ts`] },
    };
    const host = create(files, changed, ...rest);
    const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, changed);
    const resolve = (name: string, from: string) => {
      const known = ts.resolveModuleName(name, from, changed, host, cache);
      // The cache also remembers what was missing, and a package may be installed while the kernel runs.
      return known.resolvedModule ? known : ts.resolveModuleName(name, from, changed, host);
    };
    // Imports of packages are resolved once, also those that are missing: they are hundreds per cell.
    const settled = new Map<string, ReturnType<typeof resolve>>();
    host.resolveModuleNameLiterals = (literals, from) =>
      literals.map(({ text }) => {
        const key = `${dirname(from)} ${text}`;
        const before = settled.get(key);
        if (before) return before;
        const own = resolve(text, from);
        const found = own.resolvedModule || !isPackage(text) ? own : resolve(text, fallback);
        if (isOfPackages(from)) settled.set(key, found);
        return found;
      });
    return host;
  };
}

/** The folder itself comes without a slash. */
function isTypes(path: string): boolean {
  return `${path}/`.startsWith(TYPES);
}

function isOfPackages(path: string): boolean {
  return path.includes("/node_modules/") || isTypes(path);
}

type Host = TypeScript.WatchCompilerHostOfFilesAndCompilerOptions<TypeScript.BuilderProgram>;

/**
 * Has the files of this package at TYPES, and watches the files of the user only: polling all declaration files
 * would occupy a core.
 */
function quietSystem(ts: typeof TypeScript): TypeScript.System {
  // tslab reads this from the system object that it is given.
  ts.sys.useCaseSensitiveFileNames = true;
  const system = Object.create(ts.sys) as TypeScript.System;
  const { fileExists, readFile, directoryExists, getDirectories, readDirectory } = ts.sys;
  const real = (path: string) => (isTypes(path) ? place(path.slice(TYPES.length)) : path);
  system.fileExists = (path) => fileExists(real(path));
  system.readFile = (path, encoding) => readFile(real(path), encoding);
  system.directoryExists = (path) => directoryExists(real(path));
  system.getDirectories = (path) => getDirectories(real(path));
  system.readDirectory = (path, ...rest) => readDirectory(real(path), ...rest);
  const realpath = ts.sys.realpath?.bind(ts.sys);
  system.realpath = (path) => (isTypes(path) ? path : (realpath?.(path) ?? path));
  const watch = ts.sys.watchFile?.bind(ts.sys);
  system.watchFile = (path, ...rest) =>
    isOfPackages(path) || !watch ? { close() {} } : watch(path, ...rest);
  return system;
}

/**
 * The same at run time. The library is always that of this repository, because cells and kernel must use the
 * same progress module.
 */
function resolveFromHere(): void {
  const loader = Module as unknown as {
    _resolveFilename(request: string, parent: unknown, isMain: boolean, options?: unknown): string;
  };
  const resolve = loader._resolveFilename;
  const here = createRequire(fallback);
  let again = false;
  loader._resolveFilename = function (request, parent, isMain, options) {
    if (request === "operandose") return library;
    try {
      return resolve.call(this, request, parent, isMain, options);
    } catch (error) {
      if (again || !isPackage(request)) throw error;
      again = true;
      try {
        return here.resolve(request);
      } catch {
        throw error;
      } finally {
        again = false;
      }
    }
  };
}
