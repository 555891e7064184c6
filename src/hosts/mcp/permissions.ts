import { ConnectorError } from '../../errors/connector-error.ts';
import type { ActionDefinition } from '../../model/definition.ts';

/** What an MCP server may do besides reading. */
export interface Permissions {
  /** Actions that create or change rows. */
  readonly writes?: boolean;
  /** Actions that delete or overwrite for good; each call is confirmed by the user. */
  readonly deletes?: boolean;
}

/** May this action run at all? */
export function isAllowed({ effects }: ActionDefinition, { writes, deletes }: Permissions = {}): boolean {
  if (effects.readOnly) return true;
  return (effects.destructive ? deletes : writes) === true;
}

/** ACTION_NOT_ALLOWED where an action may not run, with the switch that would let it. */
export function checkAllowed(action: ActionDefinition, permissions: Permissions | undefined): void {
  if (isAllowed(action, permissions)) return;
  const option = action.effects.destructive ? '--allow-deletes' : '--allow-writes';
  throw new ConnectorError('ACTION_NOT_ALLOWED', `${action.id} is not allowed on this server.`, {
    operation: action.id,
    advice: `Whoever runs the server can allow it with ${option}.`,
  });
}
