import { findLibrary } from "../../lib/engine";

/** Whether TensorFlow's library is on this machine: tests of compiled steps need it. */
export const hasTensorFlow = ((): boolean => {
  try {
    findLibrary();
    return true;
  } catch {
    return false;
  }
})();
