import { type ActionDefinition, ConnectorError } from 'dynamics365-connector';

/** What MCP clients may do besides reading. Every permission defaults to false. */
export interface McpPermissions {
  /** Run actions that create or change rows. */
  readonly writes?: boolean;
  /** Run actions that delete or overwrite data. The user confirms each call. */
  readonly deletes?: boolean;
  /** Run actions that write many rows in one call. The user confirms each call. */
  readonly bulk?: boolean;
}

function requiredPermissions({ effects }: ActionDefinition): readonly (keyof McpPermissions)[] {
  if (effects.readOnly) return [];
  if (!needsConfirmation({ effects })) return ['writes'];
  return (['deletes', 'bulk'] as const).filter((permission) =>
    permission === 'deletes' ? effects.destructive : effects.bulk,
  );
}

/** Whether the user must confirm each call of an action. */
export function needsConfirmation({ effects }: Pick<ActionDefinition, 'effects'>): boolean {
  return effects.destructive || effects.bulk;
}

/** Whether the permissions allow an action. */
export function isAllowed(action: ActionDefinition, permissions: McpPermissions = {}): boolean {
  return missingPermissions(action, permissions).length === 0;
}

/** Throws ACTION_NOT_ALLOWED, with the options that allow the action, unless the permissions allow it. */
export function assertAllowed(action: ActionDefinition, permissions: McpPermissions = {}): void {
  const missing = missingPermissions(action, permissions);
  if (missing.length === 0) return;
  const options = missing.map((permission) => `--allow-${permission}`).join(' ');
  throw new ConnectorError('ACTION_NOT_ALLOWED', `This server does not allow ${action.id}.`, {
    operation: action.id,
    advice: `Ask the operator of the server to start it with ${options}.`,
  });
}

function missingPermissions(action: ActionDefinition, permissions: McpPermissions) {
  return requiredPermissions(action).filter((permission) => permissions[permission] !== true);
}
