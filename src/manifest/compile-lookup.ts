import { isPrincipalTable, principalKey } from '../model/principals.ts';
import type { LookupTarget } from '../model/table.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext, TableInfo } from './compile-context.ts';
import {
  type CompiledProperties,
  type CompiledProperty,
  inputAnnotations,
  outputAnnotations,
} from './compiled-property.ts';
import { requireKey } from './require-key.ts';
import type { SourceNode } from './source-node.ts';
import type { LookupYaml, PropertyYaml } from './yaml-types.ts';

const id = { title: 'Id', type: 'string', format: 'uuid' };
const name = {
  type: ['string', 'null'],
  maxLength: 4000,
  description: 'Ignored on input, so that a lookup from an output can be used as it is.',
};

/** Compiles a reference to a row: `{ table, id }` on input, `{ table, id, name }` on output. */
export function compileLookup(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  const targets = compileTargets(requireKey(yaml, 'x-lookup'), node.at('x-lookup', 'targets'), context);
  if (targets === undefined) return undefined;
  const names = targets.map((target) => target.table);
  const required = names.length === 1 ? ['id'] : ['table', 'id'];
  const table = { title: 'Table', type: 'string', enum: names };
  return {
    type: { kind: 'lookup', targets },
    input: {
      ...inputAnnotations(yaml),
      type: 'object',
      additionalProperties: false,
      required,
      properties: { table, id, name },
    },
    output: {
      ...outputAnnotations(yaml),
      type: ['object', 'null'],
      required: ['table', 'id'],
      properties: { table: { type: ['string', 'null'] }, id, name: { type: ['string', 'null'] } },
    },
    properties: lookupParts(names, required),
  };
}

/** The parts of a lookup that a placeholder can name: `{{input.owner.id}}`. */
function lookupParts(names: readonly string[], required: readonly string[]): CompiledProperties {
  const known = new Map<string, CompiledProperty>([
    ['id', { type: { kind: 'uuid' }, input: {}, output: {} }],
    ['table', { type: { kind: 'name', names }, input: {}, output: {} }],
  ]);
  return { known, alwaysPresent: new Set(required) };
}

/** The key that a binding uses: principals (users and teams) are bound by `ownerid`. */
function bindingKey({ logicalName, key }: TableInfo): string {
  return isPrincipalTable(logicalName) ? principalKey : key;
}

function compileTargets(
  { targets }: LookupYaml,
  node: SourceNode,
  context: CompileContext,
): readonly LookupTarget[] | undefined {
  return allDefined(
    Object.entries(targets).map(([table, target]) => {
      const tableInfo = context.tableInfo.get(table);
      if (typeof target === 'object')
        return { table, logicalName: tableInfo?.logicalName ?? table, ...target };
      if (tableInfo !== undefined)
        return {
          table,
          logicalName: tableInfo.logicalName,
          entitySet: tableInfo.entitySet,
          navigation: target,
          key: bindingKey(tableInfo),
        };
      if (!context.invalidTables.has(table)) {
        const fix = `add its entity set: ${table}: { navigation: ${target}, entitySet: ... }`;
        node.at(table).error('S104', `there is no schemas/tables/${table}.yaml`, { key: true, fix });
      }
      return undefined;
    }),
  );
}
