import type { ConnectorDefinition, QueryOption, RequestAction, Verification } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import type { Template } from '../model/template.ts';
import { encodeOption, joinOptions } from '../odata/encode-url.ts';
import { expandClause } from '../odata/expand/expand-clause.ts';
import { maxPageSize } from '../odata/limits.ts';
import { includeAnnotations } from '../odata/row-annotations.ts';
import { matchColumns, rowKey } from './codec/row-key.ts';
import type { PlanContext, RequestPlanner } from './compiled-action.ts';
import { neededAnnotations } from './needed-annotations.ts';
import { compileOwnHeaders, isCreateOnly } from './plan-headers.ts';
import { compileBody, compileRequired, compileTemplate, templateSource } from './render-template.ts';
import { requireTable } from './require-table.ts';
import { returnsList } from './returns-list.ts';
import type { TemplateScope } from './template-scope.ts';

type Tables = Pick<ConnectorDefinition, 'tables'>;

/** Compiles the planner of an action: what does not depend on the input is composed here, once. */
export function compilePlanner(definition: Tables, action: RequestAction): RequestPlanner {
  const { id: operation, request, output } = action;
  const { method } = request;
  const planQuery = compileQuery(definition, action);
  const planPath = compilePath(definition, action);
  const planBody = compileRequestBody(definition, action);
  const planOwnHeaders = compileHeaders(definition, action);
  const createdTable = createdTableOf(definition, action);
  const planVerification = request.verifyWith && compileVerification(request.verifyWith, operation);
  return (context, input) => {
    const { baseUrl } = context;
    const newId = ownNewId(action, input) ?? context.newId;
    const scope = { input, connection: context.connection, new: { id: newId }, api: { url: baseUrl } };
    const limit = rowLimit(action, input);
    const { query, omittedClauses } = planQuery(context, scope);
    const body = planBody?.(scope);
    const plan: Writable<RequestPlan> = {
      operation,
      method,
      url: `${baseUrl}${planPath(scope)}${query}`,
      headers: planOwnHeaders(context, scope, limit),
      safety: isCreateOnly(request, scope) ? 'once' : request.safety,
      output,
      omittedClauses,
    };
    if (createdTable !== undefined) {
      plan.createdId = newId;
      plan.createdUrl = `${baseUrl}/${createdTable.entitySet}(${newId})?${context.select(createdTable).option}`;
    }
    if (body !== undefined)
      // A create by POST has the id in its body.
      plan.body =
        createdTable !== undefined && method === 'POST' ? { [createdTable.key]: newId, ...body } : body;
    if (limit !== undefined) plan.limit = limit;
    if (planVerification !== undefined) plan.verifyWith = planVerification(context, scope);
    return plan;
  };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The id that the input gives the new row. */
function ownNewId({ request: { newIdInput } }: RequestAction, input: JsonObject): string | undefined {
  const id = newIdInput === undefined ? undefined : ownValue(input, newIdInput);
  return typeof id === 'string' ? id : undefined;
}

/** The table of the row that a create makes and returns. */
function createdTableOf(definition: Tables, { request, output }: RequestAction): Table | undefined {
  return request.safety === 'create' && output.kind === 'row'
    ? requireTable(definition, output.table)
    : undefined;
}

/** A percent-encoded query string, and the clauses whose inputs are missing. */
interface PlannedQuery {
  readonly query: string;
  readonly omittedClauses: readonly string[];
}

function compileQuery(
  definition: Tables,
  action: RequestAction,
): (context: PlanContext, scope: TemplateScope) => PlannedQuery {
  const options = action.request.query.map((option) => ({
    name: option.name,
    render: compileOption(option),
  }));
  const planSelect = compileSelect(definition, action);
  return (context, scope) => {
    const omittedClauses: string[] = [];
    const own: string[] = [];
    for (const { name, render } of options) {
      const text = render(scope, omittedClauses);
      if (text !== undefined) own.push(encodeOption(name, text));
    }
    return { query: joinOptions([...own, ...planSelect(context)]), omittedClauses };
  };
}

/** The text of a part of a query. Undefined without its inputs; what is left out then is added to `omittedClauses`. */
type RenderQueryPart = (scope: TemplateScope, omittedClauses: string[]) => string | undefined;

function compileOption(option: QueryOption): RenderQueryPart {
  if (option.kind === 'text')
    return compileQueryPart(option.template, `${option.name}: ${templateSource(option.template)}`);
  const renderFilter = compileClauses(option.clauses);
  if (option.kind === 'clauses') return renderFilter;
  return (scope, omittedClauses) => {
    const filter = renderFilter(scope, omittedClauses);
    return `${filter ? `filter(${filter})/` : ''}${countAggregate}`;
  };
}

const countAggregate = 'aggregate($count as count)';

function compileQueryPart(template: Template, source: string): RenderQueryPart {
  const render = compileTemplate(template);
  return (scope, omittedClauses) => {
    const text = render(scope);
    if (text === undefined) omittedClauses.push(source);
    return text;
  };
}

/** Compiles the clauses of a filter: those whose inputs are present are joined with "and". */
export function compileClauses(
  clauses: readonly Template[],
): (scope: TemplateScope, omittedClauses?: string[]) => string | undefined {
  const renderers = clauses.map((clause) => compileQueryPart(clause, templateSource(clause)));
  return (scope, omittedClauses = []) => {
    const texts = renderers.map((render) => render(scope, omittedClauses));
    const present = texts.filter((text) => text !== undefined);
    return present.length > 1 ? present.map((text) => `(${text})`).join(' and ') : present[0];
  };
}

/** `$select` and `$expand` of the output's table, unless the action has its own. */
function compileSelect(
  definition: Tables,
  { output, request }: RequestAction,
): (context: PlanContext) => readonly string[] {
  if (output.kind !== 'row' && output.kind !== 'rows') return () => [];
  const table = requireTable(definition, output.table);
  const isOwn = (name: string) => request.query.some((option) => option.name === name);
  const hasSelect = !isOwn('$select');
  const hasExpand = request.method === 'GET' && table.expanded !== undefined && !isOwn('$expand');
  return ({ select }) => {
    const options = hasSelect ? [select(table).option] : [];
    if (!hasExpand) return options;
    const expand = expandClause(table, (one) => select(one).text);
    if (expand !== undefined) options.push(encodeOption('$expand', expand));
    return options;
  };
}

function compilePath(
  definition: Tables,
  { request, id, columnInputs = [] }: RequestAction,
): (scope: TemplateScope) => string {
  const { match, path } = request;
  const renderPath = compileRequired(path, id);
  if (match === undefined) return renderPath;
  const table = requireTable(definition, match.table);
  return (scope) => {
    const names = matchColumns(match, scope).filter((name) => !columnInputs.includes(name));
    return `${renderPath(scope)}${rowKey(table, names, scope.input ?? {})}`;
  };
}

function compileRequestBody(
  definition: Tables,
  action: RequestAction,
): ((scope: TemplateScope) => JsonObject | undefined) | undefined {
  const { body } = action.request;
  const render = body && compileBody(body, definition);
  return render && ((scope) => render(withoutKeyColumns(action, scope)) as JsonObject | undefined);
}

/**
 * The scope of a body. The columns of an alternate key are in the URL alone: Dataverse copies them to a new row, and
 * never changes them in an existing one.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-upsert-insert-update-record
 */
function withoutKeyColumns({ request: { match } }: RequestAction, scope: TemplateScope): TemplateScope {
  if (match === undefined) return scope;
  const names = matchColumns(match, scope);
  const values = Object.entries(scope.input ?? {}).filter(([name]) => !names.includes(name));
  return { ...scope, input: Object.fromEntries(values) };
}

type HeaderPlanner = (
  context: PlanContext,
  scope: TemplateScope,
  limit: number | undefined,
) => RequestPlan['headers'];

/** Most actions have the same headers in every call. */
function compileHeaders(definition: Tables, action: RequestAction): HeaderPlanner {
  const { headers, match } = action.request;
  const prefer = compilePrefer(definition, action);
  const planOwn = compileOwnHeaders(action);
  const planAll: HeaderPlanner = (context, scope, limit) => ({
    ...prefer(context, limit),
    ...planOwn(scope),
  });
  if (headers.length > 0 || match !== undefined || returnsList(action)) return planAll;
  let planned: RequestPlan['headers'] | undefined;
  return (context, scope, limit) => {
    planned ??= planAll(context, scope, limit);
    return planned;
  };
}

type PreferHeader = (context: PlanContext, limit: number | undefined) => Readonly<Record<string, string>>;

function compilePrefer(definition: Tables, action: RequestAction): PreferHeader {
  const { output, request } = action;
  const annotations = neededAnnotations(definition, action);
  const entries: string[] = [];
  if (output.kind === 'row' && request.method !== 'GET') entries.push('return=representation');
  if (annotations.length > 0) entries.push(includeAnnotations(...annotations));
  if (returnsList({ output, request })) {
    return ({ pageSize }, limit) => {
      const size = Math.min(pageSize ?? limit ?? maxPageSize, maxPageSize);
      return { prefer: [...entries, `odata.maxpagesize=${size}`].join(',') };
    };
  }
  const headers: Record<string, string> = entries.length === 0 ? {} : { prefer: entries.join(',') };
  return () => headers;
}

function rowLimit({ pagination }: RequestAction, input: JsonObject): number | undefined {
  if (pagination === undefined) return undefined;
  const limit = input[pagination.limitInput];
  return typeof limit === 'number' ? limit : pagination.defaultLimit;
}

function compileVerification(
  { path, select, expect }: Verification,
  operation: string,
): (context: PlanContext, scope: TemplateScope) => RequestPlan['verifyWith'] {
  const renderPath = compileRequired(path, operation);
  const query = joinOptions([encodeOption('$select', select.join(','))]);
  return ({ baseUrl }, scope) => ({ url: `${baseUrl}${renderPath(scope)}${query}`, expect });
}
