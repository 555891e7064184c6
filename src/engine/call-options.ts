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
  /** Lets the organisation's duplicate rules refuse the write; they do not look at the Web API otherwise. */
  readonly detectDuplicates?: boolean;
  /** Passes over custom plug-ins; needs the privilege prvBypassCustomPlugins. */
  readonly bypassPlugins?: boolean;
}

/** The headers that say so. */
export function optionHeaders(options: CallOptions): Readonly<Record<string, string>> {
  const { ifVersion, asUser, detectDuplicates, bypassPlugins } = options;
  return {
    ...(ifVersion === undefined
      ? {}
      : { 'if-match': `W/"${checked('ifVersion', ifVersion, /^\d{1,19}$/)}"` }),
    ...(asUser === undefined ? {} : { callerobjectid: checked('asUser', asUser, uuid) }),
    ...(detectDuplicates === true ? { 'mscrm.suppressduplicatedetection': 'false' } : {}),
    ...(bypassPlugins === true ? { 'mscrm.bypasscustompluginexecution': 'true' } : {}),
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checked(name: string, value: string, pattern: RegExp): string {
  if (pattern.test(value)) return value;
  throw new ConnectorError('INPUT_INVALID', `The option "${name}" does not look like one.`, {
    advice: name === 'asUser' ? 'Give the Entra object id of the user.' : 'Give the version that was read.',
  });
}
