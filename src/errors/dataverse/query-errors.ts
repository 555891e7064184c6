import type { DataverseErrorCodes } from './error-explanation.ts';

/** Errors of queries: names, conditions, pages, change tracking. */
export const queryErrorCodes = {
  '0x80060888': {
    name: 'UrlNotParsed',
    code: 'BAD_REQUEST',
    cause: 'Dataverse could not read the address or the query.',
    advice:
      'Check names and case: tables have their entity set name (`incidents`), columns are in lower case, lookups are `_name_value`.',
  },
  '0x8006088a': {
    name: 'CrmHttpError',
    code: 'BAD_REQUEST',
    cause: 'Dataverse could not read the address or the query.',
    advice:
      'Check names and case. A table or action of a solution that is not installed gives the same error.',
  },
  '0x80041103': {
    name: 'QueryBuilderNoAttribute',
    code: 'BAD_REQUEST',
    cause: 'The query names a column that the table does not have.',
    advice: 'Use the column’s logical name in lower case; `d365 describe` lists them.',
  },
  '0x80041102': {
    name: 'QueryBuilderNoEntity',
    code: 'BAD_REQUEST',
    cause: 'The query names a table that the organization does not have.',
    advice: 'Check the table’s logical name, and that its solution is installed.',
  },
  '0x80041108': {
    name: 'QueryBuilderInvalid_Value',
    code: 'BAD_REQUEST',
    cause: 'A value in the query does not have the type of its column.',
    advice: 'Use a value with the type of the column.',
  },
  '0x80041120': {
    name: 'QueryBuilderInvalidConditionOperator',
    code: 'BAD_REQUEST',
    cause: 'An operator in the query does not support its column.',
    advice: 'Use eq, ne, gt, ge, lt, le, or contains / startswith / endswith on text.',
  },
  '0x8004112a': {
    name: 'QueryBuilderInvalidPagingCookie',
    code: 'BAD_REQUEST',
    cause: 'The paging cookie is no longer valid.',
    advice: 'Start the list again from its first page.',
  },
  '0x8004430a': {
    name: 'OverRetrievalUpperLimitWithoutPagingCookie',
    code: 'BAD_REQUEST',
    cause: 'The query skips too many rows without a paging cookie.',
    advice: 'Follow the next link of each page.',
  },
  '0x8004430c': {
    name: 'TooManyConditionsInQuery',
    code: 'BAD_REQUEST',
    cause: 'The filter has too many conditions.',
    advice: 'Split the query, or use In with a list of values.',
  },
  '0x8004e023': {
    name: 'AggregateQueryRecordLimitExceeded',
    code: 'BAD_REQUEST',
    cause: 'An aggregate includes more than 50,000 rows.',
    advice: 'Filter by a smaller range, for example by month, and add the results.',
  },
  '0x8004e024': {
    name: 'QuickFindQueryRecordLimitExceeded',
    code: 'BAD_REQUEST',
    cause: 'The search matches too many rows.',
    advice: 'Use a more specific search text.',
  },
  '0x80041136': {
    name: 'SqlArithmeticOverflowError',
    code: 'BAD_REQUEST',
    cause: 'A sum in the query is too large.',
    advice: 'Use a more specific filter.',
  },
  '0x80044352': {
    name: 'ExpiredVersionStamp',
    code: 'BAD_REQUEST',
    cause: 'The delta link has expired: it was not used for seven days, or the table has changed.',
    advice: 'Triggers get a new link automatically. In other code, read all rows again.',
  },
  '0x80072491': {
    name: 'ChangeTrackingNotEnabledForEntity',
    code: 'BAD_REQUEST',
    cause: 'Change tracking is not switched on for the table.',
    advice: 'Ask an administrator to switch on “Track changes” for the table.',
  },
  '0x80072492': {
    name: 'ChangeTrackingNotEnabledForRelatedEntities',
    code: 'BAD_REQUEST',
    cause: 'Change tracking is not switched on for a related table.',
    advice: 'Ask an administrator to switch on “Track changes” for the related table.',
  },
  '0x80048d0b': {
    name: 'SearchDisabled',
    code: 'BAD_REQUEST',
    cause: 'Dataverse search is switched off in this organization.',
    advice: 'Ask an administrator to switch on Dataverse search, or filter a list instead.',
  },
  '0x8004418a': {
    name: 'RequestLengthTooLarge',
    code: 'BAD_REQUEST',
    cause: 'The request is larger than Dataverse accepts.',
    advice: 'Send fewer or smaller values in one call.',
  },
} satisfies DataverseErrorCodes;
