import type { Diagnostic } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';

/** A query with OData options or FetchXML, or the body of a write, for a check or a query. */
export interface QueryRequest {
  /** Our name (`case`), the logical name (`incident`) or the entity set (`incidents`). */
  readonly table: string;
  /** `$filter`, with Dataverse's column names. */
  readonly filter?: string;
  /** `$select`: `['title', 'prioritycode']`, or one text. */
  readonly select?: string | readonly string[];
  /** `$orderby`: `['createdon desc']`, or one text. */
  readonly orderBy?: string | readonly string[];
  /** `$expand` */
  readonly expand?: string | readonly string[];
  /** `$apply` */
  readonly apply?: string;
  /** `$top`: the maximum number of rows. */
  readonly top?: number;
  /** A FetchXML query, instead of the options above. */
  readonly fetchXml?: string;
  /** The body of a create or update, with Dataverse's names (`customerid_account@odata.bind`). */
  readonly body?: JsonObject;
}

/** The result of a check. */
export interface QueryReport {
  /** Empty if the check found no issue. Locations refer to the text of the part that `file` names: `$filter`. */
  readonly diagnostics: readonly Diagnostic[];
  /** The corrected request; absent unless every error could be corrected. */
  readonly corrected?: QueryRequest;
  /** `syntax`: the organization's tables could not be read, so names and types were not checked. */
  readonly against: 'organization' | 'syntax';
}

/** The property of a request for each OData query option. */
export const queryOptionParts = {
  $filter: 'filter',
  $select: 'select',
  $orderby: 'orderBy',
  $expand: 'expand',
  $apply: 'apply',
} as const satisfies Record<string, keyof QueryRequest>;

/** The query options of a request by their names in a URL: `$filter`, `$top`, `fetchXml`. */
export function toQueryOptions(request: QueryRequest): Readonly<Record<string, string>> {
  const { top, fetchXml } = request;
  const options: Record<string, string> = {};
  for (const [name, part] of Object.entries(queryOptionParts)) {
    const value = request[part];
    if (value !== undefined) options[name] = typeof value === 'string' ? value : value.join(',');
  }
  if (top !== undefined) options.$top = String(top);
  if (fetchXml !== undefined) options.fetchXml = fetchXml;
  return options;
}
