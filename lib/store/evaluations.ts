import { bySkipping, collect } from "./batches";
import type { Database } from "./database";
import type { Evaluation, Store } from "./store";

interface EvaluationRow {
  model: string;
  evaluated_at: Date | string;
  data_hash: string;
  metrics: Record<string, unknown>;
}

/** Saves and lists evaluations of models in a database. */
export function createEvaluations(database: Database): Pick<Store, "saveEvaluation" | "evaluations"> {
  return {
    async saveEvaluation({ model, evaluatedAt, dataHash, metrics }) {
      const row = { model, evaluated_at: evaluatedAt, data_hash: dataHash, metrics };
      await database.call("save_evaluation", { evaluation: row });
    },
    async evaluations() {
      const read = (skipped: number) =>
        database.call<EvaluationRow>("evaluations", { skipped, size: database.pageRows });
      return (await collect(bySkipping(read))).map(toEvaluation);
    },
  };
}

const toEvaluation = ({ model, evaluated_at, data_hash, metrics }: EvaluationRow): Evaluation => ({
  model,
  evaluatedAt: new Date(evaluated_at),
  dataHash: data_hash,
  metrics,
});
