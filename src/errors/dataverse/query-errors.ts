import type { DataverseErrorCodes } from './error-explanation.ts';

/** Reading: names, conditions, pages, change tracking. */
export const queryErrorCodes = {
  '0x80060888': {
    name: 'UrlNotParsed',
    code: 'BAD_REQUEST',
    cause: 'Dataverse could not read the address or the query.',
    advice:
      'Check names and case: tables by their set name (`incidents`), columns in lower case, lookups as `_name_value`.',
  },
  '0x8006088a': {
    name: 'CrmHttpError',
    code: 'BAD_REQUEST',
    cause: 'Dataverse could not read the address or the query.',
    advice: 'Check names and case; a table or action of a solution that is not installed answers the same.',
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
    cause: 'A value in the query does not fit its column.',
    advice: 'Compare with a value of the column’s type.',
  },
  '0x80041120': {
    name: 'QueryBuilderInvalidConditionOperator',
    code: 'BAD_REQUEST',
    cause: 'An operator in the query does not fit its column.',
    advice: 'Use eq, ne, gt, ge, lt, le, or contains / startswith / endswith on text.',
  },
  '0x8004112a': {
    name: 'QueryBuilderInvalidPagingCookie',
    code: 'BAD_REQUEST',
    cause: 'The mark of the page is not valid any more.',
    advice: 'Start the list again from its first page.',
  },
  '0x8004430a': {
    name: 'OverRetrievalUpperLimitWithoutPagingCookie',
    code: 'BAD_REQUEST',
    cause: 'The query skips too far without the mark of a page.',
    advice: 'Follow the next link of each page instead of jumping.',
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
    cause: 'An aggregate runs over more than 50,000 rows.',
    advice: 'Narrow the filter, for example by month, and add up the parts.',
  },
  '0x8004e024': {
    name: 'QuickFindQueryRecordLimitExceeded',
    code: 'BAD_REQUEST',
    cause: 'The search matches too many rows.',
    advice: 'Search for something more specific.',
  },
  '0x80041136': {
    name: 'SqlArithmeticOverflowError',
    code: 'BAD_REQUEST',
    cause: 'A sum in the query became too large.',
    advice: 'Narrow the filter.',
  },
  '0x80044352': {
    name: 'ExpiredVersionStamp',
    code: 'BAD_REQUEST',
    cause: 'The delta link expired: it was not used for seven days, or the table changed.',
    advice:
      'Nothing to do for triggers, which start a fresh link by themselves; elsewhere read everything once more.',
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
