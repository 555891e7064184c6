import type { Terminal } from '../terminal.ts';

/** Options of every command. */
export interface CommonOptions {
  readonly manifest?: string;
  readonly json?: boolean;
}

/** The parameter of a command. A command returns its exit code and throws ConnectorErrors. */
export interface CommandContext<Options = object> {
  readonly terminal: Terminal;
  /** The arguments after the name of the command. */
  readonly args: readonly string[];
  readonly options: CommonOptions & Options & { readonly connection?: string; readonly org?: string };
}
