import type { DataverseErrorCodes } from './error-explanation.ts';

/** Errors of the service: limits, locks, timeouts and plug-ins. */
export const limitErrorCodes = {
  '0x80072322': {
    name: 'ThrottlingBurstRequestLimitExceededError',
    code: 'THROTTLED',
    cause: 'Too many requests in five minutes (service protection limit).',
    advice: 'Repeat after `retryAfterMs`; read in larger pages, or spread the work over time.',
  },
  '0x80072321': {
    name: 'ThrottlingTimeExceededError',
    code: 'THROTTLED',
    cause: 'Too much execution time in five minutes (service protection limit).',
    advice: 'Repeat after `retryAfterMs`; run fewer calls at once and lighter queries.',
  },
  '0x80072326': {
    name: 'ThrottlingConcurrencyLimitExceededError',
    code: 'THROTTLED',
    cause: 'Too many requests at once (service protection limit).',
    advice: 'Repeat after `retryAfterMs`; run fewer calls at once.',
  },
  '0x80072327': {
    name: 'DSSThrottlingConcurrencyLimitExceededError',
    code: 'THROTTLED',
    cause: 'Too many requests at once.',
    advice: 'Repeat after `retryAfterMs`; run fewer calls at once.',
  },
  '0x80048544': {
    name: 'DataEngineQueryThrottling',
    code: 'THROTTLED',
    cause: 'The database throttles this query.',
    advice: 'Repeat later with a simpler query: fewer columns, a more specific filter.',
  },
  '0x80081116': {
    name: 'SandboxWorkerThrottleLimit',
    code: 'THROTTLED',
    cause: 'The workers for plug-ins are busy.',
    advice: 'Repeat later.',
  },
  '0x80071151': {
    name: 'SolutionConcurrencyFailure',
    code: 'UNAVAILABLE',
    cause: 'Customizations are being installed or published.',
    advice: 'Repeat later, usually after some minutes.',
  },
  '0x8004ed47': {
    name: 'AppLockTimeout',
    code: 'UNAVAILABLE',
    cause: 'A lock in the organization was not released in time.',
    advice: 'Repeat later.',
  },
  '0x80044151': {
    name: 'unManagedidssqltimeouterror',
    code: 'TIMEOUT',
    cause: 'The database did not finish in time.',
    advice: 'Read less data in one call: fewer columns, a more specific filter, a smaller batch.',
  },
  '0x80044150': {
    name: 'unManagedidssqlerror',
    code: 'UNAVAILABLE',
    cause: 'The database reported an error.',
    advice: 'Repeat later. If it happens again, open a support request with the service request id.',
  },
  '0x80040216': {
    name: 'UnExpected',
    code: 'UNAVAILABLE',
    cause: 'An unexpected error inside Dataverse.',
    advice: 'Repeat later. If it happens again, open a support request with the service request id.',
  },
  '0x80040265': {
    name: 'IsvAborted',
    code: 'BAD_REQUEST',
    cause: 'A plug-in of the organization stopped the operation.',
    advice: 'Read the message of the server, which the plug-in wrote, and ask the author of the plug-in.',
  },
  '0x80040224': {
    name: 'IsvUnExpected',
    code: 'BAD_REQUEST',
    cause: 'A plug-in of the organization failed.',
    advice: 'Ask the author of the plug-in, with the service request id.',
  },
  '0x80048550': {
    name: 'TransactionAbortedByIsvException',
    code: 'BAD_REQUEST',
    cause: 'A plug-in of the organization ended the transaction.',
    advice: 'Ask the author of the plug-in, with the service request id.',
  },
} satisfies DataverseErrorCodes;
