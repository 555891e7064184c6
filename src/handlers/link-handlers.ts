import type { JsonObject } from '../model/json.ts';
import { idKey } from '../run/codec/row-key.ts';
import type { Connection } from '../run/connection.ts';
import { requireEntitySet } from '../run/metadata-table.ts';
import { literalTemplate, type PrepareAction, toRequestAction } from './prepare.ts';

/** Links two rows of any tables. */
export const associateRecords: PrepareAction = async (input, { connection, action }) => {
  const { source, target } = await linkPaths(input, connection);
  const body = { kind: 'literal', value: { '@odata.id': `${connection.baseUrl}${target}` } } as const;
  const request = {
    method: 'POST',
    path: literalTemplate(`${source}/$ref`),
    safety: 'repeatable',
    body,
  } as const;
  return { connection, action: toRequestAction(action, request, { kind: 'none' }), input: {} };
};

/** Removes the link between two rows. */
export const disassociateRecords: PrepareAction = async (input, { connection, action }) => {
  const { source, id } = await linkPaths(input, connection);
  const request = {
    method: 'DELETE',
    path: literalTemplate(`${source}${id}/$ref`),
    safety: 'delete',
  } as const;
  return { connection, action: toRequestAction(action, request, { kind: 'none' }), input: {} };
};

/** The paths of a link: the navigation property of the first row, and the second row. */
async function linkPaths(input: JsonObject, connection: Connection) {
  const { table, id: from, relationship } = input;
  const { table: other, id } = input.target as { readonly table: string; readonly id: string };
  const sets = [String(table), other].map((name) => requireEntitySet(connection, name));
  const [firstSet, secondSet] = await Promise.all(sets);
  const key = idKey(id, '/target/id');
  return { source: `/${firstSet}${idKey(from)}/${relationship}`, target: `/${secondSet}${key}`, id: key };
}
