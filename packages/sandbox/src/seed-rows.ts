import type { JsonObject } from 'dynamics365-connector';
import { isJsonObject, suggest, toJsonPointer } from 'dynamics365-connector/base';
import { controlError } from './control-error.ts';
import type { OrganizationStore } from './store/types.ts';
import type { Caller } from './web-api/types.ts';
import type { WebApi } from './web-api/web-api.ts';

/** Rows in the shape of the Web API, by entity set: `{ accounts: [{ name: 'Contoso' }] }`. */
export type SeedRows = Readonly<Record<string, readonly object[]>>;

/** What adding rows needs. */
export interface SeedRowsContext {
  readonly store: OrganizationStore;
  readonly webApi: WebApi;
  /** The user who creates and owns the rows. */
  readonly caller: Caller;
}

/**
 * Creates rows as `POST` requests to their entity sets do, in the given order, without custom logic: all or none.
 *
 * @returns the ids of the rows, by entity set
 * @throws ConnectorError `SETTING_INVALID` with the path of the row that Dataverse would refuse
 */
export function seedRows(rows: SeedRows, context: SeedRowsContext): Record<string, string[]> {
  const { store } = context;
  return store.transaction(() => {
    const ids = Object.entries(rows).map(([set, list]): [string, string[]] => {
      checkSet(set, list, store);
      return [set, list.map((row, index) => createRow({ set, index, row }, context))];
    });
    return Object.fromEntries(ids);
  });
}

function checkSet(set: string, list: unknown, { model }: OrganizationStore): void {
  const path = toJsonPointer('rows', set);
  if (!model.tableBySet(set)) {
    const sets = [...model.tables.values()].flatMap((table) => table.set ?? []);
    const [similar = 'accounts'] = suggest(set, sets);
    throw controlError(
      path,
      `rows: there is no entity set "${set}".`,
      `Use names as in the URL of the Web API, for example "${similar}".`,
    );
  }
  if (!Array.isArray(list))
    throw controlError(path, `rows.${set} must be a list of rows.`, `Send {"rows": {"${set}": [{}]}}.`);
}

function createRow(
  { set, index, row }: { readonly set: string; readonly index: number; readonly row: unknown },
  { webApi, caller }: SeedRowsContext,
): string {
  const path = toJsonPointer('rows', set, index);
  const name = `rows.${set}[${index}]`;
  if (!isJsonObject(row))
    throw controlError(path, `${name} must be an object.`, 'Send the columns as in a POST request.');
  const { status, headers, body } = webApi.handle({
    method: 'POST',
    target: `/api/data/v9.2/${set}`,
    headers: {
      'Content-Type': 'application/json',
      'MSCRM.BypassBusinessLogicExecution': 'CustomSync,CustomAsync',
    },
    body: Buffer.from(stringify(row, { path, name })),
    caller,
  });
  const id = /\(([^()]+)\)$/.exec(headers['OData-EntityId'] ?? '')?.[1];
  if (status === 204 && id !== undefined) return id;
  throw controlError(
    path,
    `${name}: ${errorMessage(body)} (${status})`,
    'Correct this row and send all rows again: none was created.',
  );
}

function stringify(
  row: JsonObject,
  { path, name }: { readonly path: string; readonly name: string },
): string {
  try {
    return JSON.stringify(row);
  } catch {
    throw controlError(path, `${name} is nested too deeply.`, 'Send the columns as in a POST request.');
  }
}

function errorMessage(body: string | Uint8Array | undefined): string {
  const { error } = JSON.parse(Buffer.from(body ?? '{}').toString()) as { error?: JsonObject };
  return `${error?.message ?? 'The row was refused.'} ${error?.code ?? ''}`.trim();
}
