import type { Exchange } from '../exchange.ts';

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Columns that the organization fills: versions, times, owners, the currency, generated numbers and ids. */
const ofOrganization = new RegExp(
  '^(?:' +
    [
      'versionnumber|createdon|modifiedon|overriddencreatedon|timezoneruleversionnumber|ticketnumber|caseage',
      'ownerid|owner|_(?:ownerid|owninguser|owningbusinessunit|owningteam|transactioncurrencyid)_value',
      '_(?:created|modified)(?:by|onbehalfby|byexternalparty)_value|address\\d_addressid|_businessunitid_value',
      'BusinessUnitId|UserId|OrganizationId|MetadataId|QueueItemId|FileContinuationToken|ColumnNumber',
      'CreatedOn|ModifiedOn|PrivilegeId|DaysSinceRecordLastModified',
      'entityimage_(?:url|timestamp)|\\w+_(?:date|state)|slainvokedid|conversationindex|messageid',
    ].join('|') +
    ')$',
);

/** Annotations of a response whose values depend on the state of the organization. */
const ofState =
  /(?:^|@)Microsoft\.Dynamics\.CRM\.(?:globalmetadataversion|fetchxmlpagingcookie)$|^@Microsoft\.PowerApps/;

/** Whether the request, with the rows that it presumes, determines the value of a member. */
export function isDetermined(name: string): boolean {
  const [column = '', ...annotation] = name.split('@');
  return !ofState.test(name) && !(column !== '' && ofOrganization.test(column)) && annotation.length < 3;
}

/** What stays of a value that the request does not determine: its type and format. */
export function formatOf(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return 'GUID';
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return 'time';
  return 'text';
}

/** Replaces each GUID, except those in `known`. */
export function maskGuids(text: string, known = ''): string {
  return text.replace(guid, (id) => (known.includes(id.toLowerCase()) ? id.toLowerCase() : '<guid>'));
}

/** A URL in the form of v9.2; ids that the request does not name are new. */
export function normalizeUrl(url: string, { url: requested, body }: Exchange['request']): string {
  return maskGuids(url, `${requested} ${body}`.toLowerCase()).replace(/\/v\d\.\d\//, '/v9.2/');
}

/** Whether the set of a row's URL is named by the request: some samples show the response of another request. */
export function namesSetOf(url: string, { url: requested, body }: Exchange['request']): boolean {
  const set = /\/(\w+)\(/.exec(url)?.[1];
  return set === undefined || `${requested} ${body}`.includes(set);
}
