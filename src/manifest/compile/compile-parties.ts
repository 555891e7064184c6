import type { LookupTarget } from '../../model/table.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { PropertyYaml } from '../read/yaml-types.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext } from './compile-context.ts';
import { type CompiledProperty, inputAnnotations, outputAnnotations } from './compiled-property.ts';
import { requireKey } from './require-key.ts';
import { findTableInfo } from './resolve-refs.ts';

/** Compiles the parties of an activity: each is a row, `{ table, id }`, or an address without a row, `{ address }`. */
export function compileParties(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  const { tables } = requireKey(yaml, 'x-parties');
  const targets = allDefined(
    tables.map((table, index): LookupTarget | undefined => {
      const tableInfo = findTableInfo(table, node.at('x-parties', 'tables', index), context);
      if (tableInfo === undefined) return undefined;
      const { logicalName, entitySet } = tableInfo;
      return { table, logicalName, entitySet, navigation: `partyid_${logicalName}` };
    }),
  );
  if (targets === undefined) return undefined;
  const list = { type: 'array', items: partySchema(tables) };
  return {
    type: { kind: 'parties', targets },
    input: { ...inputAnnotations(yaml), ...list },
    output: { ...outputAnnotations(yaml), ...list },
  };
}

function partySchema(tables: readonly string[]) {
  return {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    examples: [{ address: 'ann@example.com' }],
    dependencies: { table: ['id'], id: ['table'] },
    properties: {
      table: { title: 'Table', type: 'string', enum: tables },
      id: { title: 'Id', type: 'string', format: 'uuid' },
      name: { type: ['string', 'null'], maxLength: 4000, description: 'Ignored.' },
      address: {
        title: 'Address',
        description: 'For a party that is not a row; the organization must allow such recipients.',
        type: 'string',
        format: 'email',
        maxLength: 200,
      },
    },
  };
}
