/** The guide's training phases: what they train, need and aim at (guide, "Training Phases"). */
export interface Phase {
  /** CLIP's last blocks that are trained. */
  fineTuneBlocks: number;
  /** Training pairs at least. */
  pairs: number;
  /** Whether it wants true CTRs from YouTube Analytics. */
  wantsTrueCtr: boolean;
  targets: { auc: number; correlation: number };
}

export const PHASES = {
  1: { fineTuneBlocks: 0, pairs: 120_000, wantsTrueCtr: false, targets: { auc: 0.65, correlation: 0.3 } },
  2: { fineTuneBlocks: 4, pairs: 200_000, wantsTrueCtr: true, targets: { auc: 0.72, correlation: 0.5 } },
  3: { fineTuneBlocks: 12, pairs: 300_000, wantsTrueCtr: true, targets: { auc: 0.75, correlation: 0.6 } },
} as const satisfies Record<number, Phase>;

/**
 * Epochs of phases 2 and 3 unless a setting says otherwise: the heads are trained already, and preference models are
 * tuned for a few thousand steps (PickScore: 4,000).
 */
export const FINE_TUNING = { epochs: 10, swaStart: 5 } as const;
