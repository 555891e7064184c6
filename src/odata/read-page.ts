import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** A row that change tracking reports as deleted: nothing but its id is left. */
export interface DeletedEntity {
  /** Lower case. */
  readonly id: string;
  readonly reason: string;
}

/** One page of a list, in Dataverse's words. */
export interface ODataPage {
  readonly rows: readonly JsonObject[];
  /** Only in answers of a delta link. */
  readonly deletedEntities: readonly DeletedEntity[];
  /** Absolute URLs, not yet checked: they must stay on the connection's own origin. */
  readonly nextLink?: string;
  readonly deltaLink?: string;
  /** `@odata.count`: capped at 5,000 by Dataverse. */
  readonly count?: number;
  /** All members of the answer that begin with "@". */
  readonly annotations: JsonObject;
}

/**
 * Reads the answer of a list. Throws RESPONSE_INVALID when it has not the shape that the Web API promises.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results
 */
export function readODataPage(body: unknown): ODataPage {
  if (!isJsonObject(body) || !Array.isArray(body.value) || !body.value.every(isJsonObject)) {
    throw new ConnectorError('RESPONSE_INVALID', 'The answer of a list has no "value" with rows.');
  }
  const isDeleted = (row: JsonObject) => readContext(row).endsWith('/$deletedEntity');
  const count = body['@odata.count'];
  return {
    rows: body.value.filter((row) => !isDeleted(row)),
    deletedEntities: body.value.filter(isDeleted).map(readDeletedEntity),
    ...readLink(body, 'nextLink'),
    ...readLink(body, 'deltaLink'),
    ...(typeof count === 'number' ? { count } : {}),
    annotations: Object.fromEntries(Object.entries(body).filter(([name]) => name.startsWith('@'))),
  };
}

function readContext(row: JsonObject): string {
  const context = row['@odata.context'] ?? row['@context'];
  return typeof context === 'string' ? context : '';
}

function readDeletedEntity({ id, reason }: JsonObject): DeletedEntity {
  if (typeof id !== 'string') throw new ConnectorError('RESPONSE_INVALID', 'A deleted row has no id.');
  return { id: id.toLowerCase(), reason: typeof reason === 'string' ? reason : 'deleted' };
}

function readLink<Name extends 'nextLink' | 'deltaLink'>(
  body: JsonObject,
  name: Name,
): { readonly [key in Name]?: string } {
  const link: Json | undefined = body[`@odata.${name}`];
  if (link === undefined) return {};
  // To pass over a link that cannot be read would end the list early, and nobody would know.
  if (typeof link !== 'string')
    throw new ConnectorError('RESPONSE_INVALID', `The ${name} of a list is not a text.`);
  return { [name]: link } as { [key in Name]: string };
}
