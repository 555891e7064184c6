/** Who acts on an error. */
export type ErrorCategory =
  | 'manifest' // the connector's author
  | 'input' // the workflow's author
  | 'connection' // whoever owns the connection
  | 'permission' // a Dataverse administrator
  | 'data' // the workflow's author: the row is not as they think
  | 'throttled' // time
  | 'transient' // time
  | 'unknown-outcome' // look before repeating
  | 'contract' // us, or Dataverse changed
  | 'checkpoint' // the host
  | 'operator'; // whoever runs the process: keys, stores, settings

export interface ErrorCodeInfo {
  readonly category: ErrorCategory;
  /** The same call may succeed later without anyone changing anything. */
  readonly retryable: boolean;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What to do next, one sentence; the error at hand may know better. */
  readonly advice: string;
}

/**
 * Every code that this product throws; part of semver. `docs/errors.md` is generated from it, and a test
 * fails when a code is thrown but not listed here, or listed but never thrown.
 */
export const errorCodes = {
  MANIFEST_INVALID: {
    category: 'manifest',
    retryable: false,
    meaning: 'The manifest has faults; nothing of it was loaded.',
    advice: 'Read the diagnostics: each has a place and a fix. `d365 check` prints them.',
  },
  MANIFEST_UNREADABLE: {
    category: 'manifest',
    retryable: false,
    meaning: 'The manifest folder or connector.yaml could not be read.',
    advice: 'Check the path: the folder must hold connector.yaml, actions/, triggers/ and schemas/tables/.',
  },
  OPERATION_UNKNOWN: {
    category: 'input',
    retryable: false,
    meaning: 'There is no action or trigger of that name.',
    advice: 'Use one of the suggested names, or list them with `d365 describe`.',
  },
  INPUT_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The input does not fit the schema of the operation; nothing was sent.',
    advice: 'Correct every issue listed; each has the path of the value.',
  },
  QUERY_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'Dataverse would refuse the query; nothing was sent.',
    advice: 'Read the diagnostics: each has a place in the query and a fix.',
  },
  CONNECTION_INVALID: {
    category: 'connection',
    retryable: false,
    meaning:
      'The settings of the connection cannot be used: the environment URL, the tenant or the credential.',
    advice: 'Enter the environment URL as https://yourorg.crm.dynamics.com: https, no path, no user name.',
  },
  SIGN_IN_REFUSED: {
    category: 'connection',
    retryable: false,
    meaning: 'The sign-in authority said no.',
    advice: 'Read the cause: it carries the authority’s own code and words.',
  },
  SIGN_IN_INVALID: {
    category: 'connection',
    retryable: false,
    meaning: 'The answer of the sign-in does not belong to a sign-in that we started.',
    advice: 'Start the sign-in again, in the same browser, within ten minutes.',
  },
  CONSENT_REQUIRED: {
    category: 'connection',
    retryable: false,
    meaning: 'The app registration has not been given the permission to act in Dynamics 365.',
    advice: 'Sign in again and accept, or ask an administrator of the tenant to grant consent for the app.',
  },
  SECRET_EXPIRED: {
    category: 'connection',
    retryable: false,
    meaning: 'The client secret or certificate of the app registration has expired.',
    advice: 'Create a new secret in Entra > App registrations > Certificates & secrets, and enter its value.',
  },
  APP_REGISTRATION_INVALID: {
    category: 'connection',
    retryable: false,
    meaning: 'The app registration does not fit this sign-in: its id, secret, redirect URI or permissions.',
    advice: 'Correct the app registration in Entra as the message says, then sign in again.',
  },
  ORG_MISMATCH: {
    category: 'connection',
    retryable: false,
    meaning: 'The token belongs to another organization, region or tenant than the environment URL.',
    advice: 'Check the environment URL, and sign in to the tenant that owns it.',
  },
  RECONNECT_NEEDED: {
    category: 'connection',
    retryable: false,
    meaning: 'The stored sign-in no longer works: it expired, was revoked, or its token is refused.',
    advice: 'Sign in again: in the connection of your host, or with `d365 connect`.',
  },
  ORIGIN_REFUSED: {
    category: 'contract',
    retryable: false,
    meaning: 'A link or redirect pointed away from the connection’s own origin; it was not followed.',
    advice:
      'Nothing was sent there. Report it with the request id: a link of Dataverse never leaves its origin.',
  },
  ACCESS_DENIED: {
    category: 'permission',
    retryable: false,
    meaning: 'The user is known, but may not do this.',
    advice: 'Ask a Dataverse administrator for a security role with the missing privilege.',
  },
  USER_NOT_IN_ORG: {
    category: 'permission',
    retryable: false,
    meaning: 'The token is good, but its user (or application user) is not a member of this organization.',
    advice:
      'Ask a Dataverse administrator to add the user, or to create the application user, with a security role.',
  },
  NOT_FOUND: {
    category: 'data',
    retryable: false,
    meaning: 'There is no such row.',
    advice: 'Check the id; the row may have been deleted, or you may not see it.',
  },
  CONFLICT: {
    category: 'data',
    retryable: false,
    meaning: 'The row changed since it was read.',
    advice: 'Read the row again and repeat with its new version.',
  },
  DUPLICATE: {
    category: 'data',
    retryable: false,
    meaning: 'A row with the same id, key or duplicate rule exists already.',
    advice: 'Find the existing row and update it, or change the values that must be unique.',
  },
  BAD_REQUEST: {
    category: 'data',
    retryable: false,
    meaning: 'Dataverse refused the values or the state of the row.',
    advice: 'Read the server’s message: it names the column or the rule.',
  },
  THROTTLED: {
    category: 'throttled',
    retryable: true,
    meaning: 'A service protection limit is reached and waiting would exceed the call’s budget.',
    advice: 'Repeat after `retryAfterMs`, and run fewer calls at once.',
  },
  NETWORK: {
    category: 'transient',
    retryable: true,
    meaning: 'The organization could not be reached.',
    advice: 'Check the network, the proxy and the host name; then repeat.',
  },
  TIMEOUT: {
    category: 'transient',
    retryable: true,
    meaning: 'The organization did not answer in time.',
    advice: 'Repeat; if it stays, ask for less in one call.',
  },
  UNAVAILABLE: {
    category: 'transient',
    retryable: true,
    meaning: 'The organization answers, but with a server error.',
    advice: 'Repeat later; see the service health page of Power Platform if it stays.',
  },
  REQUEST_OUTCOME_UNKNOWN: {
    category: 'unknown-outcome',
    retryable: false,
    meaning: 'The request was sent and the line broke: it may or may not have been carried out.',
    advice: 'Look at the row before repeating: repeating could do the work twice.',
  },
  RESPONSE_NOT_JSON: {
    category: 'contract',
    retryable: false,
    meaning: 'Something other than Dataverse answered: HTML, or text that is not JSON.',
    advice: 'Check the environment URL, and whether a proxy or a sign-in page stands in between.',
  },
  RESPONSE_TOO_LARGE: {
    category: 'contract',
    retryable: false,
    meaning: 'The answer is larger than the cap, or decompresses to more than it.',
    advice: 'Ask for fewer rows or columns in one call.',
  },
  RESPONSE_INVALID: {
    category: 'contract',
    retryable: false,
    meaning: 'The answer is JSON but not of the shape that the Web API promises.',
    advice: 'Report it with the request id: the service or something in between changed.',
  },
  ACTION_NOT_ALLOWED: {
    category: 'operator',
    retryable: false,
    meaning: 'The host does not let this action run, or the user did not agree to it.',
    advice: 'Ask whoever runs the host to allow it.',
  },
  CHECKPOINT_INVALID: {
    category: 'checkpoint',
    retryable: false,
    meaning:
      'The checkpoint is not one of ours, or belongs to another trigger, other params or a newer version.',
    advice: 'Keep one checkpoint per trigger and params; leave it out to start anew from now.',
  },
  ABORTED: {
    category: 'input',
    retryable: false,
    meaning: 'The caller canceled the call.',
    advice: 'Nothing to do.',
  },
  SETTING_INVALID: {
    category: 'operator',
    retryable: false,
    meaning: 'A setting of the process cannot be used.',
    advice: 'Read the message: it names the setting and what it takes.',
  },
  VAULT_UNREADABLE: {
    category: 'operator',
    retryable: false,
    meaning: 'A stored secret cannot be opened: it was changed, cut or moved, or sealed under another key.',
    advice: 'Restore the store from a backup, or sign in to that connection again.',
  },
  STORE_FAILED: {
    category: 'operator',
    retryable: true,
    meaning: 'The file or database that keeps the state cannot be read or written.',
    advice: 'Check that it is there, that this user may write it, and that the disk is not full.',
  },
  PACKAGE_MISSING: {
    category: 'operator',
    retryable: false,
    meaning: 'An optional package that this feature needs is not installed.',
    advice: 'Install it with the command in the message.',
  },
} as const satisfies Record<string, ErrorCodeInfo>;

export type ErrorCode = keyof typeof errorCodes;
