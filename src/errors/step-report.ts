/** What became of a step: `unknown` if its request may have been carried out. */
export type StepOutcome = 'done' | 'failed' | 'unknown' | 'not-run';

/** One step of an action that failed. */
export interface StepReport {
  readonly name?: string | undefined;
  readonly action: string;
  readonly outcome: StepOutcome;
  /** The id of the row that it returned. */
  readonly id?: string | undefined;
}
