import {
  type ActionDefinition,
  type ActionEffects,
  ConnectorError,
  type JsonObject,
} from 'dynamics365-connector';
import { assertOptions, effectsOfCall, type OptionsRule } from 'dynamics365-connector/host';

/** What MCP clients may do besides reading. Every permission defaults to false. */
export interface McpPermissions {
  /** Run actions that create or change rows. The user confirms each message to people. */
  readonly writes?: boolean;
  /** Run actions that delete or overwrite data. The user confirms each call. */
  readonly deletes?: boolean;
  /** Run actions that write many rows in one call; needs `writes` too. The user confirms each call. */
  readonly bulk?: boolean;
  /** Send messages without asking the user, for clients that ask before each call themselves. */
  readonly messages?: boolean;
}

const permissionsRule: OptionsRule<McpPermissions> = {
  of: 'permissions',
  types: { writes: 'flag', deletes: 'flag', bulk: 'flag', messages: 'flag' },
  code: 'SETTING_INVALID',
};

/** Throws SETTING_INVALID for a permission that does not exist: a wrong name would permit less than it seems to. */
export function assertPermissions(permissions: McpPermissions | undefined): void {
  assertOptions(permissions, permissionsRule);
}

function requiredPermissions({
  readOnly,
  destructive,
  bulk,
}: ActionEffects): readonly (keyof McpPermissions)[] {
  if (readOnly) return [];
  const required: (keyof McpPermissions)[] = destructive ? ['deletes'] : ['writes'];
  // Many rows of any kind: permission for many rows alone permits nothing.
  if (bulk) required.push(...(destructive ? (['writes', 'bulk'] as const) : (['bulk'] as const)));
  return required;
}

/** Whether the user must confirm each call with these effects. */
export function needsConfirmation(
  { destructive, bulk, sendsMessage }: ActionEffects,
  permissions: McpPermissions = {},
): boolean {
  return destructive || bulk || (sendsMessage === true && permissions.messages !== true);
}

/** Whether the permissions allow an action with some input. */
export function isAllowed({ effects }: ActionDefinition, permissions: McpPermissions = {}): boolean {
  return missingPermissions(effects, permissions).length === 0;
}

/** Throws ACTION_NOT_ALLOWED, with the options that allow the call, unless the permissions allow it. */
export function assertAllowed(
  action: ActionDefinition,
  input: JsonObject,
  permissions: McpPermissions = {},
): void {
  const missing = missingPermissions(effectsOfCall(action, input), permissions);
  if (missing.length === 0) return;
  const options = missing.map((permission) => `--allow-${permission}`).join(' ');
  throw new ConnectorError('ACTION_NOT_ALLOWED', `This server does not allow ${action.id}.`, {
    operation: action.id,
    advice: `Tell the user. The operator of this server can start it with ${options}.`,
  });
}

function missingPermissions(effects: ActionEffects, permissions: McpPermissions) {
  return requiredPermissions(effects).filter((permission) => permissions[permission] !== true);
}
