import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { parseJsonPointer } from '../../model/json-pointer.ts';
import type { Table } from '../../model/table.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestName, suggestValue } from '../read/suggest-value.ts';
import type { TriggerTestYaml } from '../read/yaml-types.ts';
import type { CompileContext } from './compile-context.ts';

interface RowsContext {
  /** The node of the list of polls. */
  readonly node: SourceNode;
  readonly context: CompileContext;
  /** The watched table; undefined for a trigger of any table. */
  readonly table: Table | undefined;
}

/** Checks how the polls of a test state what happens: all by rows of the table, or all by requests. */
export function checkPolls(polls: TriggerTestYaml['polls'], { node, context, table }: RowsContext): void {
  const byRequests = polls.some(({ exchanges }) => exchanges !== undefined);
  for (const [index, { rows, exchanges }] of polls.entries()) {
    const at = node.at(index);
    if (byRequests && exchanges === undefined) {
      const fix = 'add exchanges, or state rows in every poll';
      at.at('at').error('M112', 'this poll states no requests, but another one does', { key: true, fix });
    } else if (byRequests && rows !== undefined) {
      at.at('rows').error('M112', 'a poll states rows or exchanges', {
        key: true,
        fix: 'remove one of them',
      });
    } else if (!byRequests && table === undefined) {
      const fix = 'add exchanges: the requests and their responses';
      at.at('at').error('M112', 'the test of a trigger of any table states exchanges', { key: true, fix });
    } else if (!byRequests && index === 0 && rows === undefined) {
      at.at('at').error('M112', 'the first poll states no rows', { key: true, fix: 'add rows: []' });
    }
    for (const [position, row] of (rows ?? []).entries())
      if (table !== undefined) checkRow(row, { node: at.at('rows', position), context, table });
  }
}

function checkRow(row: JsonObject, { node, context, table }: RowsContext & { readonly table: Table }): void {
  const names = table.columns.map(({ name }) => name);
  for (const name of Object.keys(row).filter((one) => !names.includes(one))) {
    const meant = table.columns.find(({ logicalName, wireName }) =>
      [logicalName, wireName].includes(name),
    )?.name;
    const suggestion =
      meant === undefined
        ? suggestName(name, names)
        : { fix: `write "${meant}", our name of the column`, replacement: meant };
    node
      .at(name)
      .error('M114', `the table ${table.name} has no column "${name}"`, { key: true, ...suggestion });
  }
  for (const { path, message, expected } of context.validator.detailedIssues(table.rowSchema, row)) {
    const at = node.at(...parseJsonPointer(path));
    const fix = isJsonObject(at.data ?? null) ? undefined : suggestValue(at.data ?? null, at.raw, expected);
    at.error('M114', `the row of the test is not valid: ${message}`, { fix: 'correct the row', ...fix });
  }
}
