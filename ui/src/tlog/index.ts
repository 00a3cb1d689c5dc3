// Proofs of transparency logs: what the other rooms take from this one. Pure: it asks nobody, keeps nothing, and knows
// nothing of Lethe but the form of its bundles.
export { BundleVerifier, type Report } from "./bundle";
export { decodeText, encodeText, fromBase64, isSame, toBase64 } from "./bytes";
export { canonical, type Json, parseCanonical } from "./canonical";
export { Fault, type FaultCode, type Place } from "./fault";
export { openCheckpoint, readKey, type VerifierKey } from "./note";
export { checkBundle, type Progress } from "./read_lines";
export { asFault, type Checked, checkReceipt, type Step, STEPS, type StepId } from "./receipt";
export { checkGrowth, type Head, readHash } from "./tree";
