import { omitUndefined } from '../../model/omit-undefined.ts';
import { owningColumn, principalKey } from '../../model/principals.ts';
import type { LookupTarget } from '../../model/table.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { LookupTargetYaml, LookupYaml, PropertyYaml } from '../read/yaml-types.ts';
import { allDefined } from './all-defined.ts';
import type { CompileContext, TableInfo } from './compile-context.ts';
import {
  type CompiledProperties,
  type CompiledProperty,
  inputAnnotations,
  outputAnnotations,
} from './compiled-property.ts';
import { requireKey } from './require-key.ts';

const id = { title: 'Id', type: 'string', format: 'uuid' };
const name = {
  type: ['string', 'null'],
  maxLength: 4000,
  description: 'Ignored on input, so that a lookup from an output can be used as it is.',
};

const key = {
  title: 'Alternate key',
  description:
    'Instead of the id: the columns of an alternate key of the row, by their names, and their values.',
  type: 'object',
  minProperties: 1,
  additionalProperties: true,
};

/**
 * Compiles a reference to a row: `{ table, id }` or `{ table, key }` on input, `{ table, id, name }` on output. If there
 * is one table, an input may be the id alone.
 */
export function compileLookup(
  yaml: PropertyYaml,
  node: SourceNode,
  context: CompileContext,
): CompiledProperty | undefined {
  const targets = compileTargets(requireKey(yaml, 'x-lookup'), node.at('x-lookup', 'targets'), context);
  if (targets === undefined) return undefined;
  const names = targets.map((target) => target.table);
  const isSingle = names.length === 1;
  const required = isSingle ? ['id'] : ['table', 'id'];
  const table = { title: 'Table', type: 'string', enum: names };
  return {
    type: { kind: 'lookup', targets },
    input: {
      ...inputAnnotations(yaml),
      ...(isSingle
        ? { type: ['object', 'string'], format: 'uuid' }
        : { type: 'object', required: ['table'] }),
      additionalProperties: false,
      properties: { table, id, key, name },
      if: { type: 'object', not: { required: ['key'] } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { type: 'object', required: ['id'] },
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

function compileTargets(
  lookup: LookupYaml,
  node: SourceNode,
  context: CompileContext,
): readonly LookupTarget[] | undefined {
  const targets = compileEach(lookup, node, context);
  return lookup.column === principalKey ? targets && withReads(targets) : targets;
}

/** Owners who are named by what reads them (`owninguser`) are all that can be read. */
function withReads(targets: readonly LookupTarget[]): readonly LookupTarget[] {
  const isRead = ({ navigation, logicalName }: LookupTarget) =>
    navigation.startsWith(owningColumn(logicalName));
  if (!targets.some(isRead)) return targets;
  return targets.map((target) => ({ ...target, readBy: isRead(target) ? target.navigation : null }));
}

function compileEach(
  { targets }: LookupYaml,
  node: SourceNode,
  context: CompileContext,
): readonly LookupTarget[] | undefined {
  return allDefined(
    Object.entries(targets).map(([table, target]) => {
      const tableInfo = context.tableInfo.get(table);
      if (typeof target === 'object') return namedTarget(table, target, tableInfo);
      if (tableInfo !== undefined)
        return {
          table,
          logicalName: tableInfo.logicalName,
          entitySet: tableInfo.entitySet,
          navigation: target,
          key: tableInfo.key,
        };
      if (!context.invalidTables.has(table)) {
        const fix = `add the names of the table: ${table}: { navigation: ${target}, entitySet: ..., name: ... }`;
        node.at(table).error('S104', `there is no schemas/tables/${table}.yaml`, { key: true, fix });
      }
      return undefined;
    }),
  );
}

/** A target with its names in YAML. Without `name`, the logical name is that of the table file, or its key in YAML. */
function namedTarget(
  table: string,
  { navigation, entitySet, name: logicalName, key }: LookupTargetYaml,
  tableInfo: TableInfo | undefined,
): LookupTarget {
  return omitUndefined({
    table,
    logicalName: logicalName ?? tableInfo?.logicalName ?? table,
    entitySet,
    navigation,
    key: key ?? tableInfo?.key,
    isAssumed: logicalName === undefined && tableInfo === undefined ? (true as const) : undefined,
  });
}
