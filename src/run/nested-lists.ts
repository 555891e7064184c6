import type { ApiRequest } from '../http/api-request.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { maxPageSize } from '../odata/limits.ts';
import { readItemPage } from '../odata/read-page.ts';
import type { Connection } from './connection.ts';
import { createLinkFollower } from './follow-links.ts';
import { requireSuccess } from './send-plan.ts';

/** A request for a further page, without its URL. */
export type NextPageRequest = Omit<ApiRequest, 'url' | 'body'>;

const nextLinkSuffix = '@odata.nextLink';

/**
 * Adds the further pages of the lists inside of rows: Dataverse sends the first page of an expanded collection in its row,
 * with a link beside it (`Incident_Tasks@odata.nextLink`): to the next page, or to the whole list.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 *
 * @returns the same value if it has no such links, and the number of HTTP requests
 */
export async function completeNestedLists<T extends Json | readonly Json[]>(
  connection: Connection,
  value: T,
  next: NextPageRequest,
): Promise<{ readonly value: T; readonly attempts: number }> {
  if (!hasNestedLinks(value)) return { value, attempts: 0 };
  const reader = new NestedListReader(connection, next);
  return { value: (await reader.complete(value)) as T, attempts: reader.attempts };
}

function hasNestedLinks(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (isJsonArray(value)) return value.some(hasNestedLinks);
  const object = value as JsonObject;
  // Object.entries would allocate a list of pairs for each row of each page.
  for (const name in object) if (isNestedLink(name) || hasNestedLinks(object[name] ?? null)) return true;
  return false;
}

/** The link of a member, not that of the whole response. */
function isNestedLink(name: string): boolean {
  return name.endsWith(nextLinkSuffix) && name.length > nextLinkSuffix.length;
}

const pageSizePattern = /odata\.maxpagesize=(\d+)/;

/** The rows that one page has at most. */
function pageSizeOf({ headers }: NextPageRequest): number {
  const [, size = maxPageSize] = pageSizePattern.exec(headers.prefer ?? '') ?? [];
  return Number(size);
}

/** The same headers, with the largest pages: the size of a short list is not meant for the lists inside of its rows. */
function withLargestPages(headers: ApiRequest['headers']): ApiRequest['headers'] {
  const { prefer } = headers;
  if (prefer === undefined) return headers;
  return { ...headers, prefer: prefer.replace(pageSizePattern, `odata.maxpagesize=${maxPageSize}`) };
}

class NestedListReader {
  attempts = 0;
  readonly #connection: Connection;
  readonly #next: NextPageRequest;
  readonly #toUrl: (link: string) => string;

  constructor(connection: Connection, next: NextPageRequest) {
    this.#connection = connection;
    this.#next = next;
    this.#toUrl = createLinkFollower(connection, next);
  }

  async complete(value: Json): Promise<Json> {
    if (isJsonArray(value)) {
      const items: Json[] = [];
      for (const item of value) items.push(await this.complete(item));
      return items;
    }
    return isJsonObject(value) ? await this.#completeObject(value) : value;
  }

  async #completeObject(object: JsonObject): Promise<JsonObject> {
    const completed: Record<string, Json> = {};
    for (const [name, member] of Object.entries(object)) {
      if (isNestedLink(name)) continue;
      const link = object[name + nextLinkSuffix];
      const whole =
        isJsonArray(member) && typeof link === 'string' ? await this.#addPages(member, link) : member;
      completed[name] = await this.complete(whole);
    }
    return completed;
  }

  /**
   * A link with a `$skiptoken` is the next page. Another one, which Dataverse sends with every list, is the whole list: it
   * is read only if the rows may be cut off.
   */
  async #addPages(rows: readonly Json[], link: string): Promise<readonly Json[]> {
    if (/[?&](?:\$|%24)skiptoken=/i.test(link))
      return [...rows, ...(await this.#follow(link, this.#next.headers))];
    if (rows.length < pageSizeOf(this.#next)) return rows;
    return await this.#follow(link, withLargestPages(this.#next.headers));
  }

  async #follow(firstLink: string, headers: ApiRequest['headers']): Promise<readonly Json[]> {
    const items: Json[] = [];
    for (let link: string | undefined = firstLink; link !== undefined; ) {
      const request = { ...this.#next, headers, url: this.#toUrl(link) };
      const response = requireSuccess(await this.#connection.pipeline(request));
      this.attempts += response.attempts;
      const page = readItemPage(response.body);
      items.push(...page.items);
      link = page.nextLink;
    }
    return items;
  }
}
