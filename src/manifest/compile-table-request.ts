import type { QueryOption } from '../model/definition.ts';
import type { Template } from '../model/template.ts';
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
import type { SourceNode } from './source-node.ts';
import type { RequestYaml } from './yaml-types.ts';

/**
 * Lowers a request in our words. The engine adds what follows from its safety: `If-None-Match: *` for a create,
 * `If-Match: *` for an update or delete, `$select` and `Prefer` from the output.
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
      const path = rowPath(table, yaml.id!, context);
      return path && { method: 'GET', path, query: [], safety: 'repeatable' };
    }
    case 'delete': {
      const path = rowPath(table, yaml.id!, context);
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
  const body = compileValues(yaml.values!, { ...context, table, node: context.node.at('values') });
  const safety = verb === 'create' ? 'create' : 'repeatable';
  // Rows inside a row are written by POST only; the engine adds our id.
  if (verb === 'create' && table.table.parties !== undefined) {
    return body && { method: 'POST', path: setPath(table), query: [], body, safety };
  }
  const path = rowPath(table, verb === 'create' ? '{{new.id}}' : yaml.id!, context);
  return path && body && { method: 'PATCH', path, query: [], body, safety };
}

function compileList(
  yaml: RequestYaml,
  table: CompiledTable,
  { node, scope }: RequestCompileContext,
): LoweredRequest | undefined {
  const clauses = compileClauses(collectClauses(yaml, table, node), scope);
  const orderBy =
    yaml.orderBy && compileTextOption('$orderby', yaml.orderBy, { node: node.at('orderBy'), scope });
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

/** What narrows a list: the filters of the table, the author's own clauses, and a search. */
function collectClauses(
  { filters, where, search }: RequestYaml,
  table: CompiledTable,
  node: SourceNode,
): FilterClause[] {
  const own = filters === undefined ? [] : filterClauses(table);
  const anywhere = table.searchedColumns.map((wire) => `contains(${wire}, ${search})`).join(' or ');
  return [
    ...own.map((text) => ({ text, node: node.at('filters') })),
    ...toClauses(where ?? [], node.at('where')),
    ...(search === undefined ? [] : [{ text: anywhere, node: node.at('search') }]),
  ];
}

function setPath({ table }: CompiledTable): Template {
  return { parts: [`/${table.entitySet}`] };
}

/** `account` -> `accountId`: a list is narrowed by the id that a lookup holds. */
export function filterInputName(name: string, { properties }: CompiledTable): string {
  return properties.get(name)?.type.kind === 'lookup' ? `${name}Id` : name;
}

function filterClauses(table: CompiledTable): readonly string[] {
  return table.filterColumns.map((name) => {
    const { wireName } = table.table.columns.find((column) => column.name === name)!;
    return `${wireName} eq {{input.${filterInputName(name, table)}}}`;
  });
}

function rowPath({ table }: CompiledTable, id: string, { node, scope }: RequestCompileContext) {
  return compilePath(`/${table.entitySet}(${id})`, { node: node.at('id'), scope });
}
