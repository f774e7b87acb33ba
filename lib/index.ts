// The public names, nothing else.
export { OperandoseError } from "./errors.js";
