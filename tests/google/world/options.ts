import { z } from "zod";

/** What a world is made of; all of it follows from the seed. */
export const WorldOptions = z.object({
  seed: z.number().int().default(1),
  /** Generated channels, in turn of the six niches; 70 in 100 pass the guide's rules. */
  channels: z.number().int().nonnegative().default(60),
  /** Mean number of videos of a channel at the epoch, at least 14. */
  videosPerChannel: z.number().positive().default(20),
  /** The time the world's history leads up to; milliseconds since 1970. */
  epoch: z
    .number()
    .int()
    .default(Date.UTC(2026, 10, 1)),
  /** Shares of videos that were deleted or made private. */
  deletedShare: z.number().default(0.01),
  privateShare: z.number().default(0.01),
  /** Also the channels and videos of ../shared/data, where that folder is: they come after the generated ones. */
  real: z.boolean().default(false),
});

export type WorldOptions = z.infer<typeof WorldOptions>;

/** The world of the guide's target: 1,540 channels that pass, of 2,200, with some 206,000 videos. */
export const GUIDE_WORLD = { channels: 2_200, videosPerChannel: 134 } as const;
