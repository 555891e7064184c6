/** What a problem of the service itself means, and what the caller does next. */
export interface ProblemCodeInfo {
  readonly status: number;
  readonly title: string;
  readonly advice: string;
}

/**
 * The problems that the service itself reports. All others have a code of docs/errors.md. Codes are part of the public
 * API; docs/service.md lists them.
 */
export const problemCodes = {
  KEY_INVALID: {
    status: 401,
    title: 'The request has no valid API key.',
    advice: 'Send `Authorization: Bearer <key>`. `d365 keys create` makes a key.',
  },
  SCOPE_MISSING: {
    status: 403,
    title: 'The API key does not have the scope that this request needs.',
    advice: 'Use a key with that scope, or create one with `d365 keys create --scopes`.',
  },
  HOST_REFUSED: {
    status: 421,
    title: 'The Host header is not an address of this service.',
    advice: 'Send requests to the address that `d365 serve` prints, or set --url to the public address.',
  },
  REQUEST_ORIGIN_REFUSED: {
    status: 403,
    title: 'A page of another site sent the request.',
    advice: 'Call the service from a server. Browsers must not hold an API key.',
  },
  PATH_UNKNOWN: {
    status: 404,
    title: 'There is nothing at this path.',
    advice: 'See /openapi.json for the paths, and the method of each.',
  },
  CONNECTION_UNKNOWN: {
    status: 404,
    title: 'There is no such connection for this API key.',
    advice: 'List the connections of the key with GET /v1/connections.',
  },
  BODY_INVALID: {
    status: 400,
    title: 'The body of the request cannot be read.',
    advice: 'Send one JSON object as application/json, in UTF-8.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body of the request is too large.',
    advice: 'Send many rows with the bulk path, which has no limit, and files in several requests.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: 'The Idempotency-Key header is not valid.',
    advice: 'Send 1 to 255 visible ASCII characters, with or without quotation marks.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key was used for another request.',
    advice: 'Use a new key for each request, and repeat a request with the same body.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still running.',
    advice: 'Repeat the request after the time in Retry-After.',
  },
  SESSION_UNKNOWN: {
    status: 404,
    title: 'There is no such connect session.',
    advice: 'Sessions end after 30 minutes and can be used once. Create a new one.',
  },
  RETURN_URL_REFUSED: {
    status: 422,
    title: 'The return URL is not on a site of this API key.',
    advice: 'Create the key with `--return-origins` for that site, or leave out returnUrl.',
  },
  APP_REGISTRATION_MISSING: {
    status: 422,
    title: 'The service has no app registration to sign in with.',
    advice: 'Send appRegistration with the session, or start the service with D365_CLIENT_ID.',
  },
  TARGET_REFUSED: {
    status: 422,
    title: 'Webhooks are not sent to this address.',
    advice: 'Use a public https address, or let the operator allow it with --allow-target.',
  },
  SUBSCRIPTION_UNKNOWN: {
    status: 404,
    title: 'There is no such subscription for this API key.',
    advice: 'List the subscriptions of the key with GET /v1/subscriptions.',
  },
  EVENT_UNKNOWN: {
    status: 404,
    title: 'There is no such event, or it is not a dead letter.',
    advice: 'List the events with GET /v1/subscriptions/{id}/events.',
  },
  JOB_UNKNOWN: {
    status: 404,
    title: 'There is no such bulk job in this process.',
    advice: 'Ask for the progress while the request of the job runs, from the same process.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'Too many requests of this kind run already.',
    advice: 'Repeat the request after the time in Retry-After.',
  },
  UNEXPECTED: {
    status: 500,
    title: 'The service failed in a way that it does not know.',
    advice: 'Report it with the request id. The log of the service has the cause.',
  },
} as const satisfies Readonly<Record<string, ProblemCodeInfo>>;

export type ProblemCode = keyof typeof problemCodes;
