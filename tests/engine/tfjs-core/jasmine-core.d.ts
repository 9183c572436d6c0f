/** The part of jasmine-core that we use; it has no types of its own. */
declare module "jasmine-core" {
  export interface SpecResult {
    fullName: string;
    status: "passed" | "failed" | "pending" | "excluded";
    failedExpectations: { message: string }[];
  }

  export interface Jasmine {
    getEnv(): {
      configure(settings: { random: boolean }): void;
      addReporter(reporter: { specStarted(): void; specDone(result: SpecResult): void }): void;
      execute(): Promise<unknown>;
    };
  }

  /** Makes describe, it, expect and the like global. */
  export function boot(): Jasmine;
}
