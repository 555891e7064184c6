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
  const members = isJsonObject(body) ? body : {};
  const rows = requireRows(members.value);
  const isDeleted = (row: JsonObject) => readContext(row).endsWith('/$deletedEntity');
  const count = members['@odata.count'];
  return omitUndefined({
    rows: rows.filter((row) => !isDeleted(row)),
    deletedEntities: rows.filter(isDeleted).map(readDeletedEntity),
    nextLink: readLink(members, 'nextLink'),
    deltaLink: readLink(members, 'deltaLink'),
    count: typeof count === 'number' ? count : undefined,
    annotations: Object.fromEntries(Object.entries(members).filter(([name]) => name.startsWith('@'))),
  });
}

/** Throws RESPONSE_INVALID if a value is not a list of rows. */
export function requireRows(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value) && value.every(isJsonObject)) return value;
  throw new ConnectorError('RESPONSE_INVALID', 'The response of a list has no "value" with rows.');
}

/** One page of a list whose items are not rows, but any JSON. */
export interface ItemPage {
  readonly items: readonly Json[];
  /** Like that of an `ODataPage`. */
  readonly nextLink?: string;
}

/** Reads the response of a list of any JSON. Throws RESPONSE_INVALID if it is not a list. */
export function readItemPage(body: unknown): ItemPage {
  if (Array.isArray(body)) return { items: body };
  if (!isJsonObject(body) || !Array.isArray(body.value))
    throw new ConnectorError('RESPONSE_INVALID', 'The response of a list has no "value" with items.');
  return omitUndefined({ items: body.value as readonly Json[], nextLink: readLink(body, 'nextLink') });
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
