// What to install when a cell imports a package that is not there.

/** Whether an import names a package, which is looked up in node_modules. */
export function isPackage(name: string): boolean {
  return /^(@[^/]+\/)?[^./@:][^:]*$/.test(name);
}

const missing = /Cannot find (?:module|package) '([^']+)'/;

/**
 * The remedy for an import that is not found.
 *
 * @param message message of the compiler or of Node
 * @param folder folder of the notebook
 * @returns a clause that starts with "; ", or nothing for other messages and for files
 */
export function installation(message: string, folder: string): string {
  const name = missing.exec(message)?.[1];
  if (name === undefined || !isPackage(name)) return "";
  const [packageName] = /^(@[^/]+\/)?[^/]+/.exec(name) ?? [name];
  return `; to install the package, run "npm install ${packageName}" in ${folder} and run the cell again`;
}
