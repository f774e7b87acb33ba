// Random tests have a fixed seed, so that a failure can be repeated. Change the seed by hand to search for
// more failures.
import fc from "fast-check";

fc.configureGlobal({ seed: 20261122 });
