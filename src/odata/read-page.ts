import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';

/** A row that change tracking reports as deleted. */
export interface DeletedEntity {
  /** Lower case. */
  readonly id: string;
  readonly reason: string;
}

/** One page of a list. */
export interface ODataPage {
  readonly rows: readonly JsonObject[];
  /** Only in responses to a delta link. */
  readonly deletedEntities: readonly DeletedEntity[];
  /** Absolute URLs. They are not checked yet: before use, check that they have the origin of the connection. */
  readonly nextLink?: string;
  readonly deltaLink?: string;
  /** `@odata.count`: at most 5,000, even if there are more rows. */
  readonly count?: number;
  /** All members of the response that begin with "@". */
  readonly annotations: JsonObject;
}

/**
 * Reads the response of a list. Throws RESPONSE_INVALID if it is not an OData collection.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results
 */
export function readODataPage(body: unknown): ODataPage {
  if (!isJsonObject(body) || !Array.isArray(body.value) || !body.value.every(isJsonObject)) {
    throw new ConnectorError('RESPONSE_INVALID', 'The response of a list has no "value" with rows.');
  }
  const isDeleted = (row: JsonObject) => readContext(row).endsWith('/$deletedEntity');
  const count = body['@odata.count'];
  return omitUndefined({
    rows: body.value.filter((row) => !isDeleted(row)),
    deletedEntities: body.value.filter(isDeleted).map(readDeletedEntity),
    nextLink: readLink(body, 'nextLink'),
    deltaLink: readLink(body, 'deltaLink'),
    count: typeof count === 'number' ? count : undefined,
    annotations: Object.fromEntries(Object.entries(body).filter(([name]) => name.startsWith('@'))),
  });
}

function readContext(row: JsonObject): string {
  const context = row['@odata.context'] ?? row['@context'];
  return typeof context === 'string' ? context : '';
}

function readDeletedEntity({ id, reason }: JsonObject): DeletedEntity {
  if (typeof id !== 'string') throw new ConnectorError('RESPONSE_INVALID', 'A deleted row has no id.');
  return { id: id.toLowerCase(), reason: typeof reason === 'string' ? reason : 'deleted' };
}

function readLink(body: JsonObject, name: 'nextLink' | 'deltaLink'): string | undefined {
  const link: Json | undefined = body[`@odata.${name}`];
  // An invalid link must not be ignored: the list would end early without an error.
  if (link !== undefined && typeof link !== 'string')
    throw new ConnectorError('RESPONSE_INVALID', `The ${name} of a list is not text.`);
  return link;
}
