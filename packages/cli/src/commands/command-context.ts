import type { Terminal } from '../terminal.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly manifest?: string;
  readonly json?: boolean;
}

/** What a command gets. It answers the exit code, and throws ConnectorErrors. */
export interface CommandContext<Options = object> {
  readonly terminal: Terminal;
  /** The words after the command's name. */
  readonly args: readonly string[];
  readonly options: CommonOptions & Options & { readonly connection?: string; readonly org?: string };
}
