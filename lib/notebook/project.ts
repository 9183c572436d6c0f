import { PCA } from "ml-pca";

/** A place on a map. */
export interface Place2D {
  x: number;
  y: number;
}

/** The two directions along which vectors differ most (PCA); the same vectors give the same map. */
export function projectTo2D(vectors: readonly ArrayLike<number>[]): Place2D[] {
  const rows = vectors.map((vector) => Array.from(vector));
  const pca = new PCA(rows, { method: "NIPALS", nCompNIPALS: 2 });
  return pca
    .predict(rows, { nComponents: 2 })
    .to2DArray()
    .map(([x = 0, y = 0]) => ({ x, y }));
}
