import type { Diagnostic } from '../model/diagnostic.ts';
import type { JsonObject } from '../model/json.ts';

/** A query in OData's own words, as a person or a form writes it; or FetchXML; or a body to be written. */
export interface QueryRequest {
  /** Our name (`case`), the logical name (`incident`) or the entity set (`incidents`). */
  readonly table: string;
  readonly filter?: string;
  readonly select?: string;
  readonly orderBy?: string;
  readonly expand?: string;
  readonly apply?: string;
  readonly top?: number;
  /** Instead of the options above. */
  readonly fetchXml?: string;
  /** The body of a create or update, in Dataverse's words (`customerid_account@odata.bind`). */
  readonly body?: JsonObject;
}

/** What a check found. */
export interface QueryReport {
  /** Empty = Dataverse will take it. Places are in the text of the part that `file` names: `$filter`. */
  readonly diagnostics: readonly Diagnostic[];
  /** The request with everything repaired, when everything could be. */
  readonly corrected?: QueryRequest;
  /** `syntax`: the organization's tables could not be read, so names and types were not judged. */
  readonly against: 'organization' | 'syntax';
}

/** The part of a request that each query option comes from. */
export const queryOptionParts = {
  $filter: 'filter',
  $select: 'select',
  $orderby: 'orderBy',
  $expand: 'expand',
  $apply: 'apply',
} as const satisfies Record<string, keyof QueryRequest>;

/** The options of a request by their names in OData. */
export function toQueryOptions(request: QueryRequest): Readonly<Record<string, string>> {
  const given = Object.entries(queryOptionParts).flatMap(([name, part]) => {
    const text = request[part];
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    ...Object.fromEntries(given),
    ...(request.top === undefined ? {} : { $top: String(request.top) }),
    ...(request.fetchXml === undefined ? {} : { fetchXml: request.fetchXml }),
  };
}
