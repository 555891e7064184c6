import type { JsonObject } from '../model/json.ts';
import type { Connection } from '../run/connection.ts';
import { entitySet } from '../run/organisation-table.ts';
import { fixedPath, type Prepare, requestAction } from './prepare.ts';

/** Links two rows of any tables. */
export const associateRecords: Prepare = async (input, { connection, action }) => {
  const { way, target } = await endsOf(input, connection);
  const body = { kind: 'literal', value: { '@odata.id': `${connection.baseUrl}${target}` } } as const;
  const request = { method: 'POST', path: fixedPath(`${way}/$ref`), safety: 'repeatable', body } as const;
  return { connection, action: requestAction(action, request, { kind: 'none' }), input: {} };
};

/** Takes the link between two rows away. */
export const disassociateRecords: Prepare = async (input, { connection, action }) => {
  const { way, id } = await endsOf(input, connection);
  const request = { method: 'DELETE', path: fixedPath(`${way}(${id})/$ref`), safety: 'delete' } as const;
  return { connection, action: requestAction(action, request, { kind: 'none' }), input: {} };
};

/** The paths of a link: the way it takes from its first row, and the row that it leads to. */
async function endsOf(input: JsonObject, connection: Connection) {
  const { table, id: from, relationship } = input;
  const { table: other, id } = input.target as { readonly table: string; readonly id: string };
  const sets = [String(table), other].map((name) => entitySet(connection, name));
  const [near, far] = await Promise.all(sets);
  return { way: `/${near}(${from})/${relationship}`, target: `/${far}(${id})`, id };
}
