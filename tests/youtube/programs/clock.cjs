// Preloaded into a command line under test: its clock begins at THUMBRANK_TEST_NOW (ISO 8601) and goes on from there.
const Real = Date;
const aheadMs = Real.parse(process.env.THUMBRANK_TEST_NOW) - Real.now();

class Shifted extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + aheadMs);
    else super(...given);
  }

  static now() {
    return Real.now() + aheadMs;
  }
}

globalThis.Date = Shifted;
