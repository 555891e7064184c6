/**
 * Limits of the Dataverse Web API.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */

/** Rows in one page of a list. */
export const maxPageSize = 5000;

/** Characters of a percent-encoded URL: of a request on its own, and of a request in a `$batch`. */
export const maxUrlLength = { single: 32_768, inBatch: 65_536 };

/** Requests in one `$batch`, those in change sets included. */
export const maxBatchRequests = 1000;

/** `$expand` items in one query, nested ones included. */
export const maxExpands = 15;

/** Values in one condition of FetchXML. */
export const maxConditionValues = 5000;

/** `<link-entity>` elements in one FetchXML query. */
export const maxLinkEntities = 15;
