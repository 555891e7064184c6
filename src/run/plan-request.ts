import type { Definition, OutputShape, QueryOption, RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import type { Template } from '../model/template.ts';
import { encodeQuery } from '../odata/url.ts';
import { isCreateOnly, planHeaders } from './plan-headers.ts';
import { needed, renderBody, renderTemplate, templateSource } from './render.ts';
import { matchNames, rowKey } from './row-key.ts';
import type { Scope } from './scope.ts';

/** Largest page that Dataverse sends. */
export const MAX_PAGE_SIZE = 5000;

/** What a plan depends on besides the action and its input. */
export interface PlanContext {
  readonly definition: Definition;
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  readonly connection: JsonObject;
  /** The id a new row will get. */
  readonly newId: string;
  /** `$select` of a table, as far as this organisation has its columns. */
  readonly select: (table: Table) => string;
  /** Rows a page, where the caller wants something else than the limit. */
  readonly pageSize?: number;
}

/** Definition + input -> request. Pure: nothing is sent, nothing is asked. The input has been checked. */
export function planRequest(context: PlanContext, action: RequestAction, input: JsonObject): RequestPlan {
  const { request, output } = action;
  const scope: Scope = {
    input,
    connection: context.connection,
    new: { id: context.newId },
    api: { url: context.baseUrl },
  };
  const dropped: string[] = [];
  const limit = limitOf(action, input);
  const query = [...planQuery(request.query, scope, dropped), ...selectOf(context, action)];
  const created = createdOf(context, action);
  const body = request.body && renderBody(request.body, scope, context.definition.tables);
  return {
    operation: action.id,
    method: request.method,
    url: `${context.baseUrl}${pathOf(context, action, scope)}${encodeQuery(query)}`,
    headers: { ...preferences(context, output, request.method, limit), ...planHeaders(action, scope) },
    ...(body === undefined ? {} : { body: { ...created.key, ...(body as JsonObject) } }),
    safety: isCreateOnly(request, scope) ? 'once' : request.safety,
    ...created.plan,
    output,
    ...(limit === undefined ? {} : { limit }),
    dropped,
    ...doneWhenOf(context, action, scope),
  };
}

/** Of a create: our id and its URL; a create by POST names the id in its body. */
function createdOf(
  { definition, baseUrl, newId, select }: PlanContext,
  { request, output }: RequestAction,
): { readonly plan: Pick<RequestPlan, 'createdId' | 'createdUrl'>; readonly key: JsonObject } {
  if (request.safety !== 'create' || output.kind !== 'row') return { plan: {}, key: {} };
  const table = definition.tables[output.table]!;
  const query = encodeQuery([['$select', select(table)]]);
  const createdUrl = `${baseUrl}/${table.set}(${newId})${query}`;
  return {
    plan: { createdId: newId, createdUrl },
    key: request.method === 'POST' ? { [table.key]: newId } : {},
  };
}

function planQuery(options: readonly QueryOption[], scope: Scope, dropped: string[]): [string, string][] {
  return options.flatMap((option): [string, string][] => {
    if (option.kind === 'text') {
      const text = renderTemplate(option.template, scope);
      if (text === undefined) dropped.push(`${option.name}: ${templateSource(option.template)}`);
      return text === undefined ? [] : [[option.name, text]];
    }
    const filter = renderClauses(option.clauses, scope, dropped);
    if (option.kind === 'count') return [[option.name, `${filter ? `filter(${filter})/` : ''}${COUNT}`]];
    return filter === undefined ? [] : [[option.name, filter]];
  });
}

const COUNT = 'aggregate($count as count)';

/** The clauses whose values are present, joined by "and"; what is left out is named in `dropped`. */
export function renderClauses(
  clauses: readonly Template[],
  scope: Scope,
  dropped: string[] = [],
): string | undefined {
  const present: string[] = [];
  for (const clause of clauses) {
    const text = renderTemplate(clause, scope);
    if (text === undefined) dropped.push(templateSource(clause));
    else present.push(text);
  }
  if (present.length === 0) return undefined;
  return present.length === 1 ? present[0] : present.map((text) => `(${text})`).join(' and ');
}

function selectOf(context: PlanContext, { output, request }: RequestAction): [string, string][] {
  if (output.kind !== 'row' && output.kind !== 'rows') return [];
  if (request.query.some((option) => option.name === '$select')) return [];
  return [['$select', context.select(context.definition.tables[output.table]!)]];
}

function pathOf({ definition }: PlanContext, { request, id }: RequestAction, scope: Scope): string {
  const path = needed(request.path, scope, id);
  const { match } = request;
  return match === undefined
    ? path
    : `${path}${rowKey(definition.tables[match.table]!, matchNames(match, scope), scope.input ?? {})}`;
}

function preferences(
  context: PlanContext,
  output: OutputShape,
  method: string,
  limit: number | undefined,
): Record<string, string> {
  const prefer: string[] = [];
  if (output.kind === 'row' && method !== 'GET') prefer.push('return=representation');
  if (output.kind === 'row' || output.kind === 'rows') prefer.push(ANNOTATIONS);
  if (output.kind === 'rows') {
    prefer.push(`odata.maxpagesize=${Math.min(context.pageSize ?? limit ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE)}`);
  }
  return prefer.length === 0 ? {} : { prefer: prefer.join(',') };
}

/** What shaping needs: labels of choices, names and tables of lookups. */
export const ANNOTATIONS =
  'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';

function limitOf({ pagination }: RequestAction, input: JsonObject): number | undefined {
  if (pagination === undefined) return undefined;
  const limit = input[pagination.limit];
  return typeof limit === 'number' ? limit : pagination.default;
}

function doneWhenOf(
  context: PlanContext,
  action: RequestAction,
  scope: Scope,
): Pick<RequestPlan, 'doneWhen'> {
  const rule = action.request.doneWhen;
  if (rule === undefined) return {};
  const path = needed(rule.path, scope, action.id);
  return {
    doneWhen: {
      url: `${context.baseUrl}${path}${encodeQuery([['$select', rule.select.join(',')]])}`,
      holds: rule.holds,
    },
  };
}
