/** Logistic regression on differences of embeddings, with its own solver: the simplest model the ranker must beat. */
export { fitLogistic, type LogisticFit, STRENGTHS } from "./fit";
export { type Minimum, minimise } from "./newton";
export { type Columns, type Objective, pairwiseLogistic } from "./problem";
