import type { ActionDefinition, HandlerAction } from '../../model/definition.ts';
import type { ManifestHandlerName } from '../../model/handlers.ts';
import type { JsonSchema } from '../../model/json.ts';
import type { Table } from '../../model/table.ts';
import { findBySet, logicalNameOf, ownTable, type RightsContext } from './find-table.ts';
import {
  joinNeeds,
  known,
  type OperationNeeds,
  type PrivilegeNeed,
  privilegeNeed,
  rightsTo,
  withoutInputs,
} from './need.ts';
import { inputNames } from './request-rights.ts';
import { currencyRights, inputLookups, lookupRights, owners, partyRights } from './row-rights.ts';

/** The needs of other actions, which a handler runs. */
export type NeedsOfAction = (id: string) => OperationNeeds;

interface HandlerCall {
  readonly context: RightsContext;
  readonly action: HandlerAction;
  /** The logical names of the tables: that of the action, or those that an action on any table is used with. */
  readonly tables: readonly string[];
  readonly needsOf: NeedsOfAction;
}

type HandlerRule = (call: HandlerCall) => OperationNeeds;

/** The same rights to each table of the action. */
const onTables =
  (needs: (table: string, call: HandlerCall) => readonly PrivilegeNeed[]): HandlerRule =>
  (call) =>
    known(call.tables.flatMap((table) => needs(table, call)));

const reading = onTables((table) => rightsTo(table, ['Read']));

/** The audit log needs no right to the table. */
const auditing = ['prvReadAuditSummary', 'prvReadRecordAuditHistory'].map(privilegeNeed);

const rules: Readonly<Record<ManifestHandlerName, HandlerRule>> = {
  attachFile: ({ context, action, tables: [table = ''] }) => {
    const isNote = table === 'annotation';
    const file = isNote ? 'annotation' : 'activitymimeattachment';
    const own = ownTable(context, file);
    const lookups = isNote && own !== undefined ? inputLookups(own, inputNames(action.input)) : [];
    return known([
      ...rightsTo(file, ['Create', 'Read']),
      ...lookupRights(file, lookups),
      ...(isNote ? [] : [...rightsTo(file, ['Append']), ...rightsTo(table, ['AppendTo'])]),
    ]);
  },
  callOperation: () => unknown('The message that operation.call sends is an input.'),
  changeSet: () =>
    unknown('The steps of changeset.run are its input: name the actions that they run as well.'),
  downloadColumnFile: reading,
  downloadFile: reading,
  fetchXml: reading,
  findDuplicates: reading,
  getAttendees: reading,
  listChanges: () => known(auditing),
  // The managers of a user are users; the owner of another row can be a team.
  listManagers: ({ tables }) => {
    const read = tables.includes('systemuser') ? tables : [...tables, ...owners];
    return known(read.flatMap((table) => rightsTo(table, ['Read'])));
  },
  pickNext: ({ context, action }) =>
    known([
      ...rightsTo('queueitem', ['Read', 'Write', 'Append']),
      ...rightsTo('systemuser', ['AppendTo']),
      ...rightsTo('incident', ['Read'], 'order'),
      ...namesOf(action.input, 'table').flatMap((name) =>
        rightsTo(logicalNameOf(context, name), ['Read'], 'table'),
      ),
    ]),
  rawRequest: () => unknown('The request of request.send is an input.'),
  readTimeline: () =>
    known(['activitypointer', 'annotation', 'post'].flatMap((table) => rightsTo(table, ['Read'], 'kinds'))),
  recordAssociate: onTables((table) => rightsTo(table, ['Read', 'Append', 'AppendTo'])),
  recordCreate: onTables((table, { context }) => [
    ...rightsTo(table, ['Create', 'Read']),
    ...valueLookups(context, table),
  ]),
  recordDelete: onTables((table) => rightsTo(table, ['Delete'])),
  recordDisassociate: onTables((table) => rightsTo(table, ['Read', 'Append', 'AppendTo'])),
  recordGet: reading,
  recordList: reading,
  recordSearch: reading,
  recordUpdate: onTables((table, { context }) => [
    ...rightsTo(table, ['Write', 'Read']),
    ...valueLookups(context, table),
  ]),
  recordUpsert: onTables((table, { context }) => [
    ...rightsTo(table, ['Create', 'Write', 'Read']),
    ...valueLookups(context, table),
  ]),
  replyByEmail: ({ context, action, needsOf }) => {
    const email = ownTable(context, 'email');
    // The e-mail is about the case, from a user to a customer, whatever the input is.
    const written = known([
      ...rightsTo('incident', ['AppendTo']),
      ...['systemuser', 'contact', 'account'].flatMap((table) => rightsTo(table, ['AppendTo'])),
    ]);
    return joinNeeds(
      withoutInputs(needsOf('case.get')),
      written,
      sendingEmail(email, inputNames(action.input), needsOf),
    );
  },
  savedView: ({ context, tables }) =>
    known([
      ...rightsTo(findBySet(context, 'savedqueries') ?? 'savedquery', ['Read'], 'name'),
      ...rightsTo(findBySet(context, 'userqueries') ?? 'userquery', ['Read'], 'personal'),
      ...tables.flatMap((table) => rightsTo(table, ['Read'])),
    ]),
  searchArticles: reading,
  sendNewEmail: ({ context, action, needsOf }) =>
    sendingEmail(ownTable(context, 'email'), inputNames(action.input), needsOf),
  setAttendees: ({ context, action, tables: [table = ''] }) => {
    const own = ownTable(context, table);
    const names = inputNames(action.input);
    return known([
      // Each attendee is a row, which is created or deleted.
      ...rightsTo(table, ['Read', 'Write', 'Create']),
      ...(own === undefined ? [] : partyRights(own, names)),
    ]);
  },
  summarizeRows: reading,
  unlinkArticle: ({ needsOf }) =>
    joinNeeds(withoutInputs(needsOf('case.list-articles')), needsOf('case-article.delete')),
  uploadColumnFile: onTables((table) => rightsTo(table, ['Read', 'Write'])),
  writeMany: (call) => writingMany(call),
};

/** What an action with a handler needs. */
export function handlerRights(
  context: RightsContext,
  action: HandlerAction,
  needsOf: NeedsOfAction,
): OperationNeeds {
  if (action.handler === 'runSteps') {
    return joinNeeds(...(action.sequence?.steps ?? []).map((step) => needsOf(step.action)));
  }
  const resource = action.id.slice(0, action.id.indexOf('.'));
  const own = ownTable(context, resource)?.logicalName;
  const tables = own === undefined ? context.tables.map((name) => logicalNameOf(context, name)) : [own];
  const found = rules[action.handler]({ context, action, tables, needsOf });
  const needsTable = own === undefined && tables.length === 0 && takesTable(action);
  return needsTable
    ? joinNeeds(found, unknown(`${action.id} works on a table that its input names.`))
    : found;
}

function unknown(reason: string): OperationNeeds {
  return { needs: [], unknown: [reason] };
}

function takesTable({ input, handler }: ActionDefinition): boolean {
  return handler === 'savedView' || inputNames(input).some((name) => name === 'table' || name === 'tables');
}

/** The e-mail is created, its attachments are added, and it is sent and read. A draft that is refused is deleted, if the user may. */
function sendingEmail(
  email: Table | undefined,
  names: readonly string[],
  needsOf: NeedsOfAction,
): OperationNeeds {
  const table = email?.logicalName ?? 'email';
  return joinNeeds(
    known([
      ...rightsTo(table, ['Create', 'Append']),
      ...(email === undefined ? [] : lookupRights(table, inputLookups(email, names))),
      ...(email === undefined ? [] : partyRights(email, names)),
      ...rightsTo('activitymimeattachment', ['Create', 'Read', 'Append'], 'attachments'),
      ...rightsTo(table, ['AppendTo'], 'attachments'),
    ]),
    needsOf('email.send'),
    withoutInputs(needsOf('email.get')),
  );
}

function writingMany({ context, action, tables }: HandlerCall): OperationNeeds {
  const verb = action.id.split(/[.]|-many$/)[1] ?? '';
  const rights = {
    create: ['Create'],
    update: ['Read', 'Write'],
    upsert: ['Create', 'Read', 'Write'],
    delete: ['Delete'],
  } as const;
  const needed = Object.hasOwn(rights, verb) ? rights[verb as keyof typeof rights] : [];
  return known(
    tables.flatMap((table) => [
      ...rightsTo(table, needed),
      ...(verb === 'delete' ? [] : valueLookups(context, table, 'rows')),
    ]),
  );
}

/** All lookups of a table that we have, each under its own name or that of the input with the rows. */
function valueLookups(context: RightsContext, table: string, input?: string): readonly PrivilegeNeed[] {
  const own = ownTable(context, table);
  if (own === undefined) return [];
  const names = own.columns.map(({ name }) => name);
  const lookups = inputLookups(own, names).map((lookup) => ({
    ...lookup,
    input: input === undefined ? `values.${lookup.column.logicalName}` : `${input}.${lookup.column.name}`,
  }));
  const amounts = currencyRights(own, names).map((need) => ({ ...need, inputs: [input ?? 'values'] }));
  return [...lookupRights(own.logicalName, lookups), ...amounts];
}

function namesOf(input: JsonSchema, name: string): readonly string[] {
  const properties = (input.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return (properties[name]?.enum ?? []) as readonly string[];
}
