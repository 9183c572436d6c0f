import { expect, test } from "vitest";
import { faultsOf, importMutated } from "../../bench/tables/watch";

const TABLES = 300;

test(`${TABLES} mutated tables: none crashes, hangs or fills the memory, every refusal has a code (3,000: npm run bench tables)`, {
  timeout: 300_000,
}, async () => {
  const outcomes = await importMutated(0, TABLES);
  expect(faultsOf(outcomes)).toEqual([]);
  // Mutations that all end in one way would show nothing.
  const ends = new Set(outcomes.map(({ ended }) => ended));
  expect([...ends]).toEqual(expect.arrayContaining(["imported", "TABLE_UNREADABLE", "TABLE_COLUMNS_MISSING"]));
  const refused = new Set(outcomes.flatMap((outcome) => Object.keys(outcome.refused)));
  expect([...refused]).toEqual(expect.arrayContaining(["ROW_SYNTAX", "ROW_TEXT", "ROW_DATE", "PICTURE_MISSING"]));
});
