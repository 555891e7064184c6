/** Who can resolve an error. */
export type ErrorCategory =
  | 'manifest' // the author of the manifest
  | 'input' // the author of the workflow: wrong input
  | 'connection' // the owner of the connection
  | 'permission' // a Dataverse administrator
  | 'data' // the author of the workflow: the state of the row does not allow the call
  | 'throttled' // nobody: repeat after the given time
  | 'transient' // nobody: repeat later
  | 'unknown-outcome' // the author of the workflow: check the row before repeating
  | 'contract' // the developers of this connector, or Dataverse
  | 'checkpoint' // the host
  | 'operator'; // the operator of the process: keys, stores, settings

export interface ErrorCodeInfo {
  readonly category: ErrorCategory;
  /** Whether the same call can succeed later without any change. */
  readonly retryable: boolean;
  /** The meaning, in one sentence. */
  readonly meaning: string;
  /** The next step, in one sentence. An error can have more specific advice. */
  readonly advice: string;
}

/**
 * All error codes. They are part of the public API. `docs/errors.md` is generated from this table, and a test fails if a
 * code is thrown but not listed, or listed but never thrown.
 */
export const errorCodes = {
  MANIFEST_INVALID: {
    category: 'manifest',
    retryable: false,
    meaning: 'The manifest has errors and was not loaded.',
    advice: 'Read the diagnostics: each has a location and a fix. `d365 check` prints them.',
  },
  MANIFEST_UNREADABLE: {
    category: 'manifest',
    retryable: false,
    meaning: 'The manifest folder or connector.yaml could not be read.',
    advice:
      'Check the path: the folder must contain connector.yaml, actions/, triggers/ and schemas/tables/.',
  },
  BUILD_OUTDATED: {
    category: 'manifest',
    retryable: false,
    meaning: 'The YAML files are not those that the manifest was built from; the message names them.',
    advice: 'Run `d365 build`, or restore the package that is named.',
  },
  OPERATION_UNKNOWN: {
    category: 'input',
    retryable: false,
    meaning: 'There is no action or trigger with this id.',
    advice: 'Use one of the suggested ids, or list all ids with `d365 describe`.',
  },
  INPUT_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'The input does not match the schema of the operation; nothing was sent.',
    advice: 'Correct all listed issues; each has the path of the value.',
  },
  LOOP_DETECTED: {
    category: 'input',
    retryable: false,
    meaning: 'A trigger reported one row too often within a minute and is paused.',
    advice:
      'Find what changes the row whenever it is reported, use ignoreChangesBy or watch fewer columns, then resume the trigger (`d365 worker resume`, `d365 poll --resume`, or the option "resume" of poll).',
  },
  QUERY_INVALID: {
    category: 'input',
    retryable: false,
    meaning: 'Dataverse would reject the query; nothing was sent.',
    advice: 'Read the diagnostics: each has a location in the query and a fix.',
  },
  CONNECTION_INVALID: {
    category: 'connection',
    retryable: false,
    meaning:
      'The settings of the connection are not valid: the environment URL, the tenant or the credential.',
    advice: 'Enter the environment URL as https://yourorg.crm.dynamics.com, without a path and a user name.',
  },
  SIGN_IN_REFUSED: {
    category: 'connection',
    retryable: false,
    meaning: 'The sign-in authority rejected the sign-in.',
    advice: 'Read the message: it contains the error of the authority.',
  },
  SIGN_IN_INVALID: {
    category: 'connection',
    retryable: false,
    meaning: 'The response does not belong to a sign-in that was started here.',
    advice: 'Start the sign-in again, in the same browser, within ten minutes.',
  },
  CONSENT_REQUIRED: {
    category: 'connection',
    retryable: false,
    meaning: 'The app registration has no permission to use Dynamics 365.',
    advice:
      'Sign in again and accept the permissions, or ask a tenant administrator to grant consent for the app.',
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
    meaning:
      'The app registration is not set up for this sign-in: its id, secret, redirect URI or permissions.',
    advice: 'Correct the app registration in Entra as described in the message, then sign in again.',
  },
  ORG_MISMATCH: {
    category: 'connection',
    retryable: false,
    meaning: 'The organization, region or tenant of the token differs from that of the environment URL.',
    advice: 'Check the environment URL, and sign in to the tenant that owns it.',
  },
  RECONNECT_NEEDED: {
    category: 'connection',
    retryable: false,
    meaning: 'The stored sign-in no longer works: it expired, was revoked, or its token is rejected.',
    advice: 'Sign in again: in the connection of your host, or with `d365 connect`.',
  },
  CLAIMS_REQUIRED: {
    category: 'connection',
    retryable: false,
    meaning:
      'The organization requires more of the sign-in than the token has (a claims challenge), and no newer token has it.',
    advice:
      'Sign in again in a browser, in the connection of your host or with `d365 connect`: the sign-in asks for what is required. For an app or a managed identity, a tenant administrator exempts it from the Conditional Access policy.',
  },
  ORIGIN_REFUSED: {
    category: 'contract',
    retryable: false,
    meaning: 'A link or redirect has another origin than the connection; it was not followed.',
    advice: 'Report it with the request id: links of Dataverse always have the origin of the organization.',
  },
  ACCESS_DENIED: {
    category: 'permission',
    retryable: false,
    meaning: 'The user does not have permission for this operation.',
    advice: 'Ask a Dataverse administrator for a security role with the missing privilege.',
  },
  USER_NOT_IN_ORG: {
    category: 'permission',
    retryable: false,
    meaning: 'The token is valid, but its user (or application user) is not a member of this organization.',
    advice:
      'Ask a Dataverse administrator to add the user, or to create the application user, with a security role.',
  },
  NOT_FOUND: {
    category: 'data',
    retryable: false,
    meaning: 'The row does not exist.',
    advice: 'Check the id. The row may be deleted, or the user may not have access to it.',
  },
  CONFLICT: {
    category: 'data',
    retryable: false,
    meaning: 'The row has changed since it was read.',
    advice: 'Read the row again and repeat with its new version.',
  },
  DUPLICATE: {
    category: 'data',
    retryable: false,
    meaning: 'A row with the same id or key exists already, or a duplicate detection rule found one.',
    advice: 'Find the existing row and update it, or change the values that must be unique.',
  },
  BAD_REQUEST: {
    category: 'data',
    retryable: false,
    meaning: 'Dataverse rejected the values or the state of the row.',
    advice: 'Read the message of the server: it names the column or the rule.',
  },
  THROTTLED: {
    category: 'throttled',
    retryable: true,
    meaning: 'A service protection limit is reached, and the wait would exceed the time limit of the call.',
    advice: 'Repeat after `retryAfterMs`, and run fewer calls at once.',
  },
  NETWORK: {
    category: 'transient',
    retryable: true,
    meaning: 'The organization could not be reached.',
    advice: 'Check the network, the proxy and the host name, then repeat.',
  },
  TIMEOUT: {
    category: 'transient',
    retryable: true,
    meaning: 'The organization did not respond in time.',
    advice: 'Repeat. If it happens again, read less data in one call.',
  },
  UNAVAILABLE: {
    category: 'transient',
    retryable: true,
    meaning: 'The organization responded with a server error.',
    advice: 'Repeat later. If it happens again, check the service health page of Power Platform.',
  },
  REQUEST_OUTCOME_UNKNOWN: {
    category: 'unknown-outcome',
    retryable: false,
    meaning:
      'The connection was lost after the request was sent, so the operation may or may not have succeeded.',
    advice: 'Read the row before you repeat the call, which could run the operation twice.',
  },
  RESPONSE_NOT_JSON: {
    category: 'contract',
    retryable: false,
    meaning: 'The response is not JSON (for example, HTML), so it is not from Dataverse.',
    advice: 'Check the environment URL, and whether a proxy or a sign-in page sent the response.',
  },
  RESPONSE_TOO_LARGE: {
    category: 'contract',
    retryable: false,
    meaning: 'The response is larger than the limit, compressed or decompressed.',
    advice: 'Read fewer rows or columns in one call.',
  },
  RESPONSE_INVALID: {
    category: 'contract',
    retryable: false,
    meaning: 'The response is JSON, but does not have the structure that the Web API documents.',
    advice: 'Report it with the request id: the service, or a proxy, has changed its responses.',
  },
  ACTION_NOT_ALLOWED: {
    category: 'operator',
    retryable: false,
    meaning: 'The host does not allow this action, or the user did not approve it.',
    advice: 'Ask the operator of the host to allow the action.',
  },
  CHECKPOINT_INVALID: {
    category: 'checkpoint',
    retryable: false,
    meaning:
      'The checkpoint is not valid, or belongs to another trigger, other parameters or a newer version.',
    advice:
      'Keep one checkpoint for each trigger and its parameters. Without a checkpoint, the trigger starts at the current time.',
  },
  ABORTED: {
    category: 'input',
    retryable: false,
    meaning: 'The caller canceled the call.',
    advice: 'No action is needed.',
  },
  SETTING_INVALID: {
    category: 'operator',
    retryable: false,
    meaning: 'A setting of the process is not valid.',
    advice: 'Read the message: it names the setting and its valid values.',
  },
  VAULT_UNREADABLE: {
    category: 'operator',
    retryable: false,
    meaning:
      'A stored secret cannot be decrypted: it was changed, truncated or moved, or encrypted with another key.',
    advice: 'Restore the store from a backup, or sign in to the connection again.',
  },
  STORE_FAILED: {
    category: 'operator',
    retryable: true,
    meaning: 'The file or database with the state cannot be read or written.',
    advice: 'Check that it exists, that this user can write to it, and that the disk is not full.',
  },
  PACKAGE_MISSING: {
    category: 'operator',
    retryable: false,
    meaning: 'An optional package that this feature needs is not installed.',
    advice: 'Install it with the command in the message.',
  },
} as const satisfies Record<string, ErrorCodeInfo>;

export type ErrorCode = keyof typeof errorCodes;
