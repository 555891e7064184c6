import type { Terminal } from '../terminal.ts';

/** Options of every command. */
export interface CommonOptions {
  /** `--verbose`: requests are printed to stderr, without their data. */
  readonly verbose?: boolean;
  readonly manifest?: string;
  readonly json?: boolean;
}

/** Options of a command that prints rows. */
export interface RowOptions {
  /** Names of columns with commas between them. */
  readonly columns?: string;
  readonly csv?: boolean;
}

/** The parameter of a command. A command returns its exit code and throws ConnectorErrors. */
export interface CommandContext<Options = object> {
  readonly terminal: Terminal;
  /** The arguments after the name of the command. */
  readonly args: readonly string[];
  readonly options: CommonOptions & Options & { readonly connection?: string; readonly org?: string };
}
