import { ConnectorError } from '../errors/connector-error.ts';
import { guidSource } from '../model/guid.ts';

/** Options of one call that Dataverse applies to its requests. */
export interface CallOptions {
  /** The row's `version` as it was read. If the row has changed since then, the update or delete fails with CONFLICT. */
  readonly ifVersion?: string;
  /**
   * Microsoft Entra object ID of the user to act as. The connection's own user needs the privilege to act on behalf of
   * other users.
   * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
   */
  readonly asUser?: string;
  /** Applies the organization's duplicate detection rules to the write. By default the Web API does not apply them. */
  readonly detectDuplicates?: boolean;
  /** Skips synchronous custom plug-ins. Requires the privilege prvBypassCustomPlugins. */
  readonly bypassPlugins?: boolean;
  /**
   * Skips custom logic that runs with a write (`sync`), after it (`async`), or both. Requires the privilege
   * prvBypassCustomBusinessLogic.
   * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
   */
  readonly bypassLogic?: readonly ('sync' | 'async')[];
  /** Prevents Power Automate flows from starting. */
  readonly bypassFlows?: boolean;
}

/** The request headers of these options. INPUT_INVALID for a value in the wrong format. */
export function optionHeaders(options: CallOptions): Readonly<Record<string, string>> {
  const { ifVersion, asUser, detectDuplicates, bypassPlugins, bypassLogic, bypassFlows } = options;
  const headers: Record<string, string> = {};
  if (ifVersion !== undefined) headers['if-match'] = `W/"${checkFormat('ifVersion', ifVersion)}"`;
  if (asUser !== undefined) headers.callerobjectid = checkFormat('asUser', asUser);
  if (detectDuplicates === true) headers['mscrm.suppressduplicatedetection'] = 'false';
  if (bypassPlugins === true) headers['mscrm.bypasscustompluginexecution'] = 'true';
  const kinds = bypassLogic === undefined ? '' : formatLogicKinds(bypassLogic);
  if (kinds !== '') headers['mscrm.bypassbusinesslogicexecution'] = kinds;
  if (bypassFlows === true) headers['mscrm.suppresscallbackregistrationexpanderjob'] = 'true';
  return headers;
}

/**
 * Throws INPUT_INVALID if the options have `ifVersion`. Dataverse ignores a version unless the request updates or
 * deletes an existing row, and the caller would rely on a check that never happens.
 */
export function rejectVersionOption({ ifVersion }: CallOptions, operation: string): void {
  if (ifVersion === undefined) return;
  const message = `Option "ifVersion" applies to the update or delete of one row; ${operation} does neither.`;
  throw new ConnectorError('INPUT_INVALID', message, { operation, advice: 'Remove "ifVersion".' });
}

/** `CustomSync,CustomAsync` */
function formatLogicKinds(kinds: NonNullable<CallOptions['bypassLogic']>): string {
  checkFormat('bypassLogic', JSON.stringify(kinds));
  return kinds.map((kind) => (kind === 'sync' ? 'CustomSync' : 'CustomAsync')).join(',');
}

const optionFormats = {
  ifVersion: {
    pattern: /^\d{1,19}$/,
    requirement: 'a row version: up to 19 digits',
    advice: 'Use the "version" of the row as it was read.',
  },
  asUser: {
    pattern: new RegExp(`^${guidSource}$`),
    requirement: "a GUID (the user's Microsoft Entra object ID)",
    advice: 'Copy the object ID of the user from Microsoft Entra.',
  },
  bypassLogic: {
    pattern: /^\[("a?sync"(,"a?sync")?)?\]$/,
    requirement: 'a list of "sync", "async" or both',
    advice: 'Write ["sync"], ["async"] or ["sync", "async"].',
  },
} as const;

function checkFormat(name: keyof typeof optionFormats, value: string): string {
  const { pattern, requirement, advice } = optionFormats[name];
  if (pattern.test(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `Option "${name}" must be ${requirement}.`, { advice });
}
