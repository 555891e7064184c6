import type { OutputShape, RequestAction } from '../../model/definition.ts';
import type { Expand, ExpandedRows } from '../../model/expand.ts';
import type { JsonSchema } from '../../model/json.ts';
import type { Table } from '../../model/table.ts';
import type { BodyTemplate, Template } from '../../model/template.ts';
import { findBySet, logicalNameOf, ownTable, type RightsContext } from './find-table.ts';
import { messageRights } from './message-rights.ts';
import { joinNeeds, known, type OperationNeeds, type PrivilegeNeed, rightsTo } from './need.ts';
import { bodyLookups, currencyRights, inputName, lookupRights, owners, partyRights } from './row-rights.ts';

/** What an action that sends one request needs. */
export function requestRights(context: RightsContext, action: RequestAction): OperationNeeds {
  const { request } = action;
  const [first = '', ...rest] = segmentsOf(request.path);
  const set = /^\w+/.exec(first)?.[0] ?? '';
  const table = findBySet(context, set);
  const message = [first, ...rest].map(messageOf).find((name) => name !== undefined);
  if (message !== undefined && (table !== undefined || rest.length === 0)) {
    return joinNeeds(
      messageCall(context, action, { message, boundTo: table }),
      verification(context, action),
    );
  }
  if (table === undefined) {
    const why = set === '' ? 'The table of the request' : `The table of the path /${set}`;
    return { needs: [], unknown: [`${why} is not known: no table file has it.`] };
  }
  if (rest.at(-1) === '$ref') return linkRights(context, action, table);
  return joinNeeds(
    rowRights(context, action, { table, isRelated: rest.length > 0 }),
    readRights(context, action, table),
  );
}

/** The path without its values: `/incidents({input.id})/tasks` -> `incidents()`, `tasks`. */
function segmentsOf({ parts }: Template): readonly string[] {
  const text = parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  return text.split('/').filter((segment) => segment !== '');
}

/** `Microsoft.Dynamics.CRM.AddToQueue`, `CloseIncident`, `RetrieveDuplicates(…)`; messages begin with a capital letter. */
function messageOf(segment: string): string | undefined {
  return /^(?:Microsoft\.Dynamics\.CRM\.)?([A-Z]\w*)(?:$|\()/.exec(segment)?.[1];
}

function messageCall(
  context: RightsContext,
  { request: { body } }: RequestAction,
  { message, boundTo }: { readonly message: string; readonly boundTo: string | undefined },
): OperationNeeds {
  const members = body?.kind === 'object' ? flatMembers(body.entries) : new Map<string, BodyTemplate>();
  const parameters = new Map([...members].map(([name, value]) => [name, inputOf(value)] as const));
  // The table of a bound message that works on another row is that of its target.
  const target = literalText(members.get('Target.@odata.type'))?.replace(/^.*\./, '');
  const targets = (parameter: string): readonly string[] => {
    const value = members.get(parameter);
    const lookups = value?.kind === 'placeholder' ? (value.placeholder.type.targets ?? []) : [];
    return lookups.map(({ logicalName }) => ownTable(context, logicalName)?.logicalName ?? logicalName);
  };
  return messageRights(message, { table: target ?? boundTo ?? '', parameters, targets });
}

/** The members of a body, those inside of others by their path: `PrincipalAccess.AccessMask`. */
function flatMembers(
  entries: readonly (readonly [string, BodyTemplate])[],
  prefix = '',
): ReadonlyMap<string, BodyTemplate> {
  const all = entries.flatMap(([name, value]): readonly (readonly [string, BodyTemplate])[] => {
    const inner = value.kind === 'object' ? [...flatMembers(value.entries, `${prefix}${name}.`)] : [];
    return [[`${prefix}${name}`, value], ...inner];
  });
  return new Map(all);
}

function literalText(value: BodyTemplate | undefined): string | undefined {
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

function inputOf(value: BodyTemplate): string | undefined {
  return value.kind === 'placeholder' ? inputName(value.placeholder) : undefined;
}

/**
 * An association. Its relationship is an input, so all tables that the other row can be of are taken, and every kind of
 * relationship: both rows get a link, or one of them is written, because it refers to the other by a lookup. Rows that a
 * user or a team owns are assigned.
 */
function linkRights(
  context: RightsContext,
  { request: { method, body }, input }: RequestAction,
  table: string,
): OperationNeeds {
  const isRemoval = method === 'DELETE';
  const written = isRemoval ? (['Write'] as const) : (['Write', 'Append'] as const);
  const ofOther = (other: string) => [
    ...(isRemoval && other !== table ? rightsTo(other, ['Read'], 'target') : []),
    ...rightsTo(other, written, 'relationship'),
    ...rightsTo(other, ['AppendTo'], 'relationship'),
    ...(owners.includes(table) && !isRemoval && hasOwner(context, other)
      ? rightsTo(other, ['Assign'], 'relationship')
      : []),
  ];
  return known([
    ...rightsTo(table, ['Read']),
    ...rightsTo(table, isRemoval ? ['Append'] : ['Append', 'AppendTo'], 'relationship'),
    ...lookupTargets(context, body, input).flatMap(ofOther),
  ]);
}

function hasOwner(context: RightsContext, table: string): boolean {
  return ownTable(context, table)?.columns.some(({ logicalName }) => logicalName === 'ownerid') ?? false;
}

/** The tables of the other row: from the body, or from the schema of the input that it is in. */
function lookupTargets(
  context: RightsContext,
  body: BodyTemplate | undefined,
  input: JsonSchema,
): readonly string[] {
  const members = body?.kind === 'object' ? new Map(body.entries) : undefined;
  const reference = members?.get('@odata.id');
  const parts = reference?.kind === 'text' ? reference.template.parts : [];
  for (const part of parts) {
    if (typeof part === 'string' || part.type.targets === undefined) continue;
    return part.type.targets.map(({ logicalName }) => logicalName);
  }
  return namesInSchema(input).map((name) => logicalNameOf(context, name));
}

function namesInSchema(input: JsonSchema): readonly string[] {
  const { target } = (input.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const { table } = (target?.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return (table?.enum ?? []) as readonly string[];
}

/** The rights of the request itself: by its method, its key and its body. */
function rowRights(
  context: RightsContext,
  action: RequestAction,
  { table, isRelated }: { readonly table: string; readonly isRelated: boolean },
): OperationNeeds {
  const { request, input } = action;
  if (request.method === 'GET') return known([]);
  if (isRelated) {
    return {
      needs: [],
      unknown: [`The privileges of ${request.method} ${segmentsOf(request.path).join('/')} are not known.`],
    };
  }
  if (request.method === 'DELETE') return known(rightsTo(table, ['Delete']));
  const isCreate = request.safety === 'create' || request.method === 'POST';
  const verbs =
    request.match === undefined ? ([isCreate ? 'Create' : 'Write'] as const) : (['Create', 'Write'] as const);
  const own = ownTable(context, table);
  // Dataverse creates the root article of a new article, which refers to it.
  const isArticle = table === 'knowledgearticle' && isCreate;
  return known([
    ...rightsTo(table, isArticle ? [...verbs, 'Append', 'AppendTo'] : verbs),
    ...(own === undefined ? [] : writtenLookups(context, own, request.body, inputNames(input))),
  ]);
}

export function inputNames(input: JsonSchema): readonly string[] {
  return Object.keys((input.properties ?? {}) as object);
}

function writtenLookups(
  context: RightsContext,
  table: Table,
  body: BodyTemplate | undefined,
  names: readonly string[],
): readonly PrivilegeNeed[] {
  if (body?.kind === 'row') {
    const lookups = bodyLookups(context, table, body.value, names);
    if (body.value.kind !== 'placeholder') return lookupRights(table.logicalName, lookups);
    return [
      ...lookupRights(table.logicalName, lookups),
      ...partyRights(table, names),
      ...currencyRights(table, names),
    ];
  }
  if (body?.kind !== 'object') return [];
  return body.entries.flatMap(([name, value]) => {
    const navigation = /^(.+)@odata\.bind$/.exec(name)?.[1];
    const found = navigation === undefined ? undefined : boundColumn(table, navigation);
    if (found === undefined) return [];
    const input = value.kind === 'placeholder' ? inputName(value.placeholder) : undefined;
    return lookupRights(table.logicalName, [input === undefined ? found : { ...found, input }]);
  });
}

/** The column of a navigation property, and the table that it refers to. */
function boundColumn({ columns }: Table, navigation: string) {
  for (const column of columns) {
    const target = column.targets?.find((each) => each.navigation === navigation);
    if (target !== undefined) return { column, targets: [target.logicalName] };
  }
  return undefined;
}

/** The rights to read what the request answers, filters by and expands. */
function readRights(
  context: RightsContext,
  { output, request, columnInputs = [] }: RequestAction,
  table: string,
): OperationNeeds {
  const reads = request.method === 'GET' || request.method === 'PATCH' || output.kind === 'row';
  const texts = request.query.flatMap((option) => ('clauses' in option ? option.clauses : [option.template]));
  return known([
    ...(reads ? rightsTo(table, ['Read']) : []),
    ...filterRights(context, table, texts),
    ...expandRights(context, output, columnInputs),
  ]);
}

/** A filter by a column of a related row reads its table: `opportunityid/statecode eq 1`. */
export function filterRights(
  context: RightsContext,
  table: string,
  templates: readonly Template[],
): readonly PrivilegeNeed[] {
  const columns = ownTable(context, table)?.columns ?? [];
  const words = templates.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part.matchAll(/\b(\w+)\/\w/g)].map(([, name]) => name ?? '') : [],
    ),
  );
  return columns.flatMap(({ name, targets = [] }) =>
    targets
      .filter(({ navigation }) => words.includes(navigation) || words.includes(name))
      .flatMap(({ logicalName }) => rightsTo(logicalName, ['Read'])),
  );
}

/** The tables that the rows of an output are read with: those that the table always expands, and those of the input. */
function expandRights(
  context: RightsContext,
  output: OutputShape,
  columnInputs: readonly string[],
): readonly PrivilegeNeed[] {
  if (output.kind !== 'row' && output.kind !== 'rows') return [];
  const table = ownTable(context, output.table);
  if (table === undefined) return [];
  const always = expandedTables(context, table, output.expand ?? {});
  const chosen = columnInputs.includes('expand') ? relatedTables(table) : [];
  return [
    ...(table.expanded ?? []).flatMap((each) => rightsTo(each.table.logicalName, ['Read'])),
    ...always.flatMap((name) => rightsTo(name, ['Read'])),
    ...chosen.flatMap((name) => rightsTo(name, ['Read'], 'expand')),
  ];
}

/** The other tables that the lookups and collections of a table refer to. */
function relatedTables({ logicalName, columns, collections = [] }: Table): readonly string[] {
  const lookups = columns.flatMap(({ targets = [] }) => targets);
  const names = [...lookups, ...collections].map((each) => each.logicalName);
  return [...new Set(names)].filter((name) => name !== logicalName);
}

/** The tables of an `expand` in a file, also those inside of others. */
function expandedTables(
  context: RightsContext,
  { columns, collections = [] }: Table,
  expand: Expand,
): readonly string[] {
  return Object.entries(expand).flatMap(([name, rows]) => {
    const column = columns.find((each) => each.name === name);
    const bound = columns.flatMap(({ targets = [] }) =>
      targets.filter(({ navigation }) => navigation === name),
    );
    const found = column?.targets ?? [...collections.filter((each) => each.name === name), ...bound];
    const inner = 'columns' in rows ? (rows as ExpandedRows).expand : undefined;
    return found.flatMap(({ logicalName }) => {
      const table = inner && ownTable(context, logicalName);
      return [logicalName, ...(table === undefined ? [] : expandedTables(context, table, inner ?? {}))];
    });
  });
}

/** The read that finds out, after a lost response, whether a request took effect. */
function verification(context: RightsContext, { request: { verifyWith } }: RequestAction): OperationNeeds {
  if (verifyWith === undefined) return known([]);
  const [first = ''] = segmentsOf(verifyWith.path);
  const table = findBySet(context, /^\w+/.exec(first)?.[0] ?? '');
  return known(table === undefined ? [] : rightsTo(table, ['Read']));
}
