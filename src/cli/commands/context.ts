import type { CommonOptions } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/** What a command gets. It answers the exit code, and throws ConnectorErrors. */
export interface CommandContext<Options = object> {
  readonly terminal: Terminal;
  /** The words after the command's name. */
  readonly args: readonly string[];
  readonly options: CommonOptions & Options & { readonly connection?: string; readonly org?: string };
}
