import type { MirrorLimits } from '../../src/table/table-context.ts';

/** Where the copy is. `duckdb` needs the package in the folder D365_DUCKDB. */
export type TargetLocation =
  | { readonly file: string }
  | { readonly postgres: string }
  | { readonly duckdb: string };

/** What the process of a mirror is started with. */
export interface MirrorProcessOptions {
  readonly orgUrl: string;
  readonly token: string;
  readonly target: TargetLocation;
  readonly everyMs: number;
  readonly limits: Partial<MirrorLimits>;
  /** The organization gives no more rows a second than this. */
  readonly rowsPerSecond?: number;
}

/** What it reports after each turn. */
export interface MirrorMessage {
  readonly phase: string;
  /** The highest memory so far, above that before the first row. */
  readonly extraBytes: number;
}
