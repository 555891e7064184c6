import { type ActionDefinition, ConnectorError } from 'dynamics365-connector';

/** What an MCP server may do besides reading. */
export interface McpPermissions {
  /** Actions that create or change rows. */
  readonly writes?: boolean;
  /** Actions that delete or overwrite for good; each call is confirmed by the user. */
  readonly deletes?: boolean;
  /** Actions that write many rows in one call; each call is confirmed by the user. */
  readonly bulk?: boolean;
}

/** What somebody has to allow before an action runs. */
function requiredPermissions({ effects }: ActionDefinition): readonly (keyof McpPermissions)[] {
  if (effects.readOnly) return [];
  if (!needsConfirmation({ effects })) return ['writes'];
  return [
    ...(effects.destructive ? (['deletes'] as const) : []),
    ...(effects.bulk ? (['bulk'] as const) : []),
  ];
}

/** Must the user agree to each call? */
export function needsConfirmation({ effects }: Pick<ActionDefinition, 'effects'>): boolean {
  return effects.destructive || effects.bulk;
}

/** May this action run at all? */
export function isAllowed(action: ActionDefinition, permissions: McpPermissions = {}): boolean {
  return requiredPermissions(action).every((permission) => permissions[permission] === true);
}

/** ACTION_NOT_ALLOWED where an action may not run, with the switches that would let it. */
export function assertAllowed(action: ActionDefinition, permissions: McpPermissions = {}): void {
  const missing = requiredPermissions(action).filter((permission) => permissions[permission] !== true);
  if (missing.length === 0) return;
  const options = missing.map((permission) => `--allow-${permission}`).join(' ');
  throw new ConnectorError('ACTION_NOT_ALLOWED', `${action.id} is not allowed on this server.`, {
    operation: action.id,
    advice: `Whoever runs the server can allow it with ${options}.`,
  });
}
