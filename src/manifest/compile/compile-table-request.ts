import type { QueryOption, RetrySafety } from '../../model/definition.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Template } from '../../model/template.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { RequestYaml } from '../read/yaml-types.ts';
import type { CompiledTable } from './compile-context.ts';
import { compileFind, compileUpsert } from './compile-match.ts';
import {
  compileClauses,
  compilePath,
  compileTextOption,
  type FilterClause,
  toClauses,
} from './compile-query.ts';
import { compileValues } from './compile-values.ts';
import type { LoweredRequest, RequestCompileContext, TableRequestForm } from './request-form.ts';
import { requireKey } from './require-key.ts';

/**
 * Compiles a table request (`create: case`) to method, path, query and body. The engine adds the headers that follow
 * from its retry safety (`If-None-Match: *` for a create, `If-Match: *` for an update or delete), and `$select` and
 * `Prefer` from the output.
 */
export function compileTableRequest(
  yaml: RequestYaml,
  { verb, table }: TableRequestForm,
  context: RequestCompileContext,
): LoweredRequest | undefined {
  switch (verb) {
    case 'list':
      return compileList(yaml, table, context);
    case 'count':
      return compileCount(yaml, table, context);
    case 'find':
      return compileFind(yaml, table, context);
    case 'upsert':
      return compileUpsert(yaml, table, context);
    case 'get': {
      const path = rowPath(table, requireKey(yaml, 'id'), context);
      return path && { method: 'GET', path, query: [], safety: 'repeatable' };
    }
    case 'delete': {
      const path = rowPath(table, requireKey(yaml, 'id'), context);
      return path && { method: 'DELETE', path, query: [], safety: 'delete' };
    }
    case 'create':
    case 'update':
      return compileWrite(yaml, { verb, table }, context);
  }
}

function compileWrite(
  yaml: RequestYaml,
  { verb, table }: TableRequestForm,
  context: RequestCompileContext,
): LoweredRequest | undefined {
  const body = compileValues(
    requireKey(yaml, 'values'),
    { ...context, table, node: context.node.at('values') },
    verb === 'create',
  );
  const safety: RetrySafety = verb === 'create' ? 'create' : 'repeatable';
  const newIdInput = verb === 'create' ? findNewIdInput(yaml, context) : undefined;
  // Dataverse writes nested rows only in a POST; the engine adds the new id to the body.
  if (verb === 'create' && table.table.parties !== undefined) {
    return (
      body &&
      omitUndefined({ method: 'POST' as const, path: setPath(table), query: [], body, safety, newIdInput })
    );
  }
  const path = rowPath(table, verb === 'create' ? '{{new.id}}' : requireKey(yaml, 'id'), context);
  return (
    path && body && omitUndefined({ method: 'PATCH' as const, path, query: [], body, safety, newIdInput })
  );
}

/** The input `id` of a create that takes the columns of its table: the id of the new row, if it is given. */
function findNewIdInput({ values }: RequestYaml, { scope }: RequestCompileContext): string | undefined {
  const id = scope.roots.input?.known.get('id');
  if (typeof values !== 'string' || id?.type.kind !== 'uuid') return undefined;
  scope.used.add('input.id');
  return 'id';
}

function compileList(
  yaml: RequestYaml,
  table: CompiledTable,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  const clauses = compileClauses(collectClauses(yaml, table, node), scope);
  const orderBy =
    yaml.orderBy && compileTextOption('$orderby', yaml.orderBy, { node: node.at('orderBy'), scope, table });
  if (clauses === undefined || (yaml.orderBy && !orderBy)) return undefined;
  const query: QueryOption[] = clauses.length > 0 ? [{ name: '$filter', kind: 'clauses', clauses }] : [];
  if (orderBy) query.push(orderBy);
  return { method: 'GET', path: setPath(table), query, safety: 'repeatable' };
}

function compileCount(
  yaml: RequestYaml,
  table: CompiledTable,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  const clauses = compileClauses(collectClauses(yaml, table, node), scope);
  const query: QueryOption[] = [{ name: '$apply', kind: 'count', clauses: clauses ?? [] }];
  return clauses && { method: 'GET', path: setPath(table), query, safety: 'repeatable' };
}

/** The clauses of a list's `$filter`: the filters of the table, the clauses in the YAML, and the search. */
function collectClauses(
  { filters, where, search }: RequestYaml,
  table: CompiledTable,
  node: SourceNode,
): FilterClause[] {
  const own = filters === undefined ? [] : filterClauses(table);
  const anywhere = table.searchedColumns.map((wire) => `contains(${wire}, ${search})`).join(' or ');
  return [
    ...own.map((text) => ({ text, node: node.at('filters') })),
    ...toClauses(where ?? [], node.at('where'), table),
    ...(search === undefined ? [] : [{ text: anywhere, node: node.at('search') }]),
  ];
}

function setPath({ table }: CompiledTable): Template {
  return { parts: [`/${table.entitySet}`] };
}

/** The input that filters by a column: for a lookup its id, `account` -> `accountId`. */
export function filterInputName(name: string, { properties }: CompiledTable): string {
  return properties.get(name)?.type.kind === 'lookup' ? `${name}Id` : name;
}

function filterClauses(table: CompiledTable): readonly string[] {
  return table.filterColumns.flatMap((name) => {
    const column = table.table.columns.find((candidate) => candidate.name === name);
    return column === undefined ? [] : [`${column.wireName} eq {{input.${filterInputName(name, table)}}}`];
  });
}

function rowPath({ table }: CompiledTable, id: string, { node, scope }: RequestCompileContext) {
  return compilePath(`/${table.entitySet}(${id})`, { node: node.at('id'), scope });
}
