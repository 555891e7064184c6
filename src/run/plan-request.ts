import type { ConnectorDefinition, OutputShape, QueryOption, RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import type { Template } from '../model/template.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { maxPageSize } from '../odata/limits.ts';
import { includeDisplayAnnotations } from '../odata/row-annotations.ts';
import { isCreateOnly, planHeaders } from './plan-headers.ts';
import { renderBody, renderRequired, renderTemplate, templateSource } from './render-template.ts';
import { requireTable } from './require-table.ts';
import { matchColumns, rowKey } from './row-key.ts';
import type { TemplateScope } from './template-scope.ts';

/** Everything a plan depends on besides the action and its input. */
export interface PlanContext {
  readonly definition: ConnectorDefinition;
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  readonly connection: JsonObject;
  /** The id of the new row of a create. */
  readonly newId: string;
  /** The `$select` text of a table, without the columns that this organization lacks. */
  readonly select: (table: Table) => string;
  /** Rows per page; by default the limit, or 5,000. */
  readonly pageSize?: number;
}

/** Turns an action and its checked input into a request. Pure: it sends nothing and reads nothing. */
export function planRequest(context: PlanContext, action: RequestAction, input: JsonObject): RequestPlan {
  const { request, output } = action;
  const scope: TemplateScope = {
    input,
    connection: context.connection,
    new: { id: context.newId },
    api: { url: context.baseUrl },
  };
  const omittedClauses: string[] = [];
  const limit = rowLimit(action, input);
  const query = [...planQueryOptions(request.query, scope, omittedClauses), ...planSelect(context, action)];
  const createdRow = planCreatedRow(context, action);
  const body = request.body && renderBody(request.body, scope, context.definition);
  return omitUndefined({
    operation: action.id,
    method: request.method,
    url: `${context.baseUrl}${renderPath(context, action, scope)}${encodeQuery(query)}`,
    headers: { ...preferHeader(context, output, request.method, limit), ...planHeaders(action, scope) },
    body: body === undefined ? undefined : { ...createdRow.key, ...(body as JsonObject) },
    safety: isCreateOnly(request, scope) ? 'once' : request.safety,
    ...createdRow.plan,
    output,
    limit,
    omittedClauses,
    verifyWith: planVerification(context, action, scope),
  });
}

/** The id and URL of the row that a create makes; a create by POST also has the id in its body. */
function planCreatedRow(
  { definition, baseUrl, newId, select }: PlanContext,
  { request, output }: RequestAction,
): { readonly plan: Pick<RequestPlan, 'createdId' | 'createdUrl'>; readonly key: JsonObject } {
  if (request.safety !== 'create' || output.kind !== 'row') return { plan: {}, key: {} };
  const table = requireTable(definition, output.table);
  const query = encodeQuery([['$select', select(table)]]);
  const createdUrl = `${baseUrl}/${table.entitySet}(${newId})${query}`;
  return {
    plan: { createdId: newId, createdUrl },
    key: request.method === 'POST' ? { [table.key]: newId } : {},
  };
}

function planQueryOptions(
  options: readonly QueryOption[],
  scope: TemplateScope,
  omittedClauses: string[],
): [string, string][] {
  return options.flatMap((option): [string, string][] => {
    if (option.kind === 'text') {
      const text = renderTemplate(option.template, scope);
      if (text === undefined) omittedClauses.push(`${option.name}: ${templateSource(option.template)}`);
      return text === undefined ? [] : [[option.name, text]];
    }
    const filter = renderClauses(option.clauses, scope, omittedClauses);
    if (option.kind === 'count')
      return [[option.name, `${filter ? `filter(${filter})/` : ''}${countAggregate}`]];
    return filter === undefined ? [] : [[option.name, filter]];
  });
}

const countAggregate = 'aggregate($count as count)';

/** Joins the clauses whose inputs are present with "and"; adds the others to `omittedClauses`. */
export function renderClauses(
  clauses: readonly Template[],
  scope: TemplateScope,
  omittedClauses: string[] = [],
): string | undefined {
  const present: string[] = [];
  for (const clause of clauses) {
    const text = renderTemplate(clause, scope);
    if (text === undefined) omittedClauses.push(templateSource(clause));
    else present.push(text);
  }
  if (present.length === 0) return undefined;
  return present.length === 1 ? present[0] : present.map((text) => `(${text})`).join(' and ');
}

function planSelect(context: PlanContext, { output, request }: RequestAction): [string, string][] {
  if (output.kind !== 'row' && output.kind !== 'rows') return [];
  if (request.query.some((option) => option.name === '$select')) return [];
  return [['$select', context.select(requireTable(context.definition, output.table))]];
}

function renderPath(
  { definition }: PlanContext,
  { request, id }: RequestAction,
  scope: TemplateScope,
): string {
  const path = renderRequired(request.path, scope, id);
  const { match } = request;
  if (match === undefined) return path;
  const table = requireTable(definition, match.table);
  return `${path}${rowKey(table, matchColumns(match, scope), scope.input ?? {})}`;
}

function preferHeader(
  context: PlanContext,
  output: OutputShape,
  method: string,
  limit: number | undefined,
): Record<string, string> {
  const entries: string[] = [];
  if (output.kind === 'row' && method !== 'GET') entries.push('return=representation');
  if (output.kind === 'row' || output.kind === 'rows') entries.push(includeDisplayAnnotations);
  if (output.kind === 'rows') {
    entries.push(`odata.maxpagesize=${Math.min(context.pageSize ?? limit ?? maxPageSize, maxPageSize)}`);
  }
  return entries.length === 0 ? {} : { prefer: entries.join(',') };
}

function rowLimit({ pagination }: RequestAction, input: JsonObject): number | undefined {
  if (pagination === undefined) return undefined;
  const limit = input[pagination.limitInput];
  return typeof limit === 'number' ? limit : pagination.defaultLimit;
}

function planVerification(
  context: PlanContext,
  action: RequestAction,
  scope: TemplateScope,
): RequestPlan['verifyWith'] {
  const rule = action.request.verifyWith;
  if (rule === undefined) return undefined;
  const path = renderRequired(rule.path, scope, action.id);
  return {
    url: `${context.baseUrl}${path}${encodeQuery([['$select', rule.select.join(',')]])}`,
    expect: rule.expect,
  };
}
