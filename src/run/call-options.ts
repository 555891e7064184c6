import { ConnectorError } from '../errors/connector-error.ts';

/** What one call may ask of Dataverse besides its request. */
export interface CallOptions {
  /** The row's `version` as it was read: an update or delete of a row that changed since then fails with CONFLICT. */
  readonly ifVersion?: string;
  /**
   * Entra object id of a user in whose name the call is made; ours needs the privilege to act on behalf of others.
   * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
   */
  readonly asUser?: string;
  /** Lets the organization's duplicate rules refuse the write; they do not look at the Web API otherwise. */
  readonly detectDuplicates?: boolean;
  /** Passes over synchronous custom plug-ins; needs the privilege prvBypassCustomPlugins. */
  readonly bypassPlugins?: boolean;
  /**
   * Passes over custom logic that runs with a write (`sync`), after it (`async`), or both; needs the privilege
   * prvBypassCustomBusinessLogic.
   * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
   */
  readonly bypassLogic?: readonly ('sync' | 'async')[];
  /** Keeps Power Automate flows from starting. */
  readonly bypassFlows?: boolean;
}

/** The headers that say so. */
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

/** Dataverse passes over a version where no row that is there is changed or deleted; its caller counts on it. */
export function rejectVersionOption({ ifVersion }: CallOptions, operation: string): void {
  if (ifVersion === undefined) return;
  const message = `"ifVersion" is for one row that is changed or deleted; ${operation} does neither.`;
  throw new ConnectorError('INPUT_INVALID', message, { operation, advice: 'Leave "ifVersion" out.' });
}

/** `CustomSync,CustomAsync` */
function formatLogicKinds(kinds: NonNullable<CallOptions['bypassLogic']>): string {
  checkFormat('bypassLogic', JSON.stringify(kinds));
  return kinds.map((kind) => (kind === 'sync' ? 'CustomSync' : 'CustomAsync')).join(',');
}

const optionFormats = {
  ifVersion: { pattern: /^\d{1,19}$/, advice: 'Give the version that was read.' },
  asUser: {
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    advice: 'Give the Entra object id of the user.',
  },
  bypassLogic: {
    pattern: /^\[("a?sync"(,"a?sync")?)?\]$/,
    advice: 'Give a list of "sync", "async" or both.',
  },
} as const;

function checkFormat(name: keyof typeof optionFormats, value: string): string {
  const { pattern, advice } = optionFormats[name];
  if (pattern.test(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `The option "${name}" does not look like one.`, { advice });
}
