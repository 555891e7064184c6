import type { CommandContext } from './command-context.ts';

/** The options of `d365 mirror` with any action. */
export interface MirrorCommandOptions {
  readonly config?: string;
  readonly once?: boolean;
  readonly log?: string;
  readonly repair?: boolean;
  readonly cells?: boolean;
}

export type MirrorCommandContext = CommandContext<MirrorCommandOptions>;
