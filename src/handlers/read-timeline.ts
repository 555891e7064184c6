import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { findTableByName, type Table } from '../model/table.ts';
import type { Tables } from '../run/codec/encode-lookup.ts';
import { shapeReference } from '../run/codec/shape-reference.ts';
import { type Handler, type HandlerContext, resourceOf } from './handler.ts';
import { readRows } from './send-read.ts';
import { cutPage, pageQuery, parseTimeCursor, type TimeCursor } from './time-cursor.ts';

/** One kind of rows on a timeline. */
interface TimelineSource {
  readonly kind: 'activities' | 'notes' | 'posts';
  /** The resources whose rows can have them; any if missing. */
  readonly resources?: readonly string[];
  readonly entitySet: string;
  readonly key: string;
  /** The column with the row that the timeline is about. */
  readonly regarding: string;
  readonly columns: readonly string[];
  readonly text: string;
  /** The entry of a row, without its text. */
  readonly toEntry: (row: JsonObject, tables: Tables) => JsonObject;
}

const people = ['_createdby_value', '_ownerid_value'];
const closingColumns = ['subject', 'statecode', 'statuscode', 'actualend', 'modifiedon', ...people];

const sources: readonly TimelineSource[] = [
  {
    kind: 'activities',
    entitySet: 'activitypointers',
    key: 'activityid',
    regarding: '_regardingobjectid_value',
    columns: [
      ...['activitytypecode', 'subject', 'statecode', 'statuscode', 'modifiedon'],
      ...['scheduledstart', 'scheduledend', 'actualend', 'senton', ...people],
    ],
    text: 'description',
    toEntry: toActivity,
  },
  // The activity that closes a row refers to it by a column of its own.
  {
    kind: 'activities',
    resources: ['case', 'record'],
    entitySet: 'incidentresolutions',
    key: 'activityid',
    regarding: '_incidentid_value',
    columns: closingColumns,
    text: 'description',
    toEntry: (row, tables) => toActivity({ ...row, activitytypecode: 'incidentresolution' }, tables),
  },
  {
    kind: 'activities',
    resources: ['opportunity', 'record'],
    entitySet: 'opportunitycloses',
    key: 'activityid',
    regarding: '_opportunityid_value',
    columns: closingColumns,
    text: 'description',
    toEntry: (row, tables) => toActivity({ ...row, activitytypecode: 'opportunityclose' }, tables),
  },
  {
    kind: 'notes',
    entitySet: 'annotations',
    key: 'annotationid',
    regarding: '_objectid_value',
    columns: ['subject', 'filename', 'filesize', 'isdocument', 'modifiedon', ...people],
    text: 'notetext',
    toEntry: (row) => ({
      table: 'note',
      title: row.subject ?? null,
      fileName: row.filename ?? null,
      fileSize: row.isdocument === true ? (row.filesize ?? null) : null,
      modifiedOn: row.modifiedon ?? null,
    }),
  },
  {
    kind: 'posts',
    entitySet: 'posts',
    key: 'postid',
    regarding: 'regardingobjectid',
    columns: ['source', 'modifiedon', '_createdby_value'],
    text: 'text',
    toEntry: (row) => ({
      table: 'post',
      title: null,
      automatic: row.source === 1,
      modifiedOn: row.modifiedon ?? null,
    }),
  },
];

const activityStates: Readonly<Record<number, string>> = {
  0: 'open',
  1: 'completed',
  2: 'canceled',
  3: 'scheduled',
};

function toActivity(row: JsonObject, tables: Tables): JsonObject {
  const table = findTableByName(tables, String(row.activitytypecode));
  return {
    table: table?.name ?? row.activitytypecode ?? null,
    title: row.subject ?? null,
    state: activityStates[Number(row.statecode)] ?? null,
    status: readStatus(table, row.statuscode ?? null),
    startOn: row.scheduledstart ?? null,
    dueOn: row.scheduledend ?? null,
    sentOn: row.senton ?? null,
    completedOn: row.actualend ?? null,
    modifiedOn: row.modifiedon ?? null,
  };
}

/**
 * The status reason as in the rows of the activity's table, or its number; null if our schema of the table does not have
 * it. The table of all activities has other labels for the numbers.
 */
function readStatus(table: Table | undefined, status: Json): Json {
  const choices = table?.columns.find(({ logicalName }) => logicalName === 'statuscode')?.choices;
  if (choices === undefined || status === null) return null;
  return Object.keys(choices).find((name) => choices[name] === status) ?? String(status);
}

/**
 * Reads what belongs to a row: activities, notes and posts in one list, the newest first, as the timeline of a form.
 * What the user must not read, or the organization does not have, is named in `notRead`.
 */
export const readTimeline: Handler = async ({ id, ...input }, context): Promise<Json> => {
  const { kinds = ['activities', 'notes', 'posts'], limit, before, maxTextLength } = input;
  const resource = resourceOf(context.action);
  const cursor = parseTimeCursor(before);
  const page = { id: String(id), limit: Number(limit), cursor, maxTextLength: Number(maxTextLength) };
  const wanted = sources.filter(
    ({ kind, resources = [resource] }) =>
      (kinds as readonly string[]).includes(kind) && resources.includes(resource),
  );
  const results = await Promise.all(wanted.map((source) => readSource(context, source, page)));
  const failed = results.flatMap(({ error }) => error ?? []);
  if (failed[0] !== undefined && failed.length === results.length) throw failed[0];
  const entries = new Map(results.flatMap((result) => result.entries ?? []).map((each) => [each.id, each]));
  const sorted = [...entries.values()].toSorted((one, other) => Date.parse(other.on) - Date.parse(one.on));
  const notRead = results.flatMap(({ kind, error }) =>
    error === undefined ? [] : [{ kind, reason: error.message }],
  );
  return { ...cutPage(sorted, Number(limit), cursor), notRead };
};

interface TimelinePage {
  readonly id: string;
  readonly limit: number;
  readonly cursor: TimeCursor;
  readonly maxTextLength: number;
}

interface TimelineEntry extends JsonObject {
  readonly id: string;
  readonly on: string;
}

interface SourceResult {
  readonly kind: string;
  readonly entries?: readonly TimelineEntry[];
  readonly error?: ConnectorError;
}

/** The errors of a table that the organization lacks, or that the user must not read. */
const unreadable: readonly ErrorCode[] = ['ACCESS_DENIED', 'NOT_FOUND', 'BAD_REQUEST'];

async function readSource(
  context: HandlerContext,
  source: TimelineSource,
  { id, limit, cursor, maxTextLength }: TimelinePage,
): Promise<SourceResult> {
  const { kind, key, regarding, columns, text } = source;
  const texts = maxTextLength === 0 ? [] : [text];
  const query = {
    $select: [key, 'createdon', ...columns, ...texts].join(','),
    ...pageQuery(`${regarding} eq ${id}`, cursor, limit),
    $orderby: `createdon desc,${key} desc`,
  };
  try {
    const rows = await readRows(context, { path: `/${source.entitySet}`, query });
    const { tables } = context.connection.definition;
    return { kind, entries: rows.map((row) => toEntry(source, row, { tables, maxTextLength })) };
  } catch (error) {
    if (error instanceof ConnectorError && unreadable.includes(error.code)) return { kind, error };
    throw error;
  }
}

function toEntry(
  { key, text, toEntry: toOwnEntry }: TimelineSource,
  row: JsonObject,
  { tables, maxTextLength }: { readonly tables: Tables; readonly maxTextLength: number },
): TimelineEntry {
  const whole = row[text] ?? null;
  const cut = typeof whole === 'string' && whole.length > maxTextLength;
  return {
    id: String(row[key]),
    on: String(row.createdon),
    ...toOwnEntry(row, tables),
    text: cut ? String(whole).slice(0, maxTextLength) : whole,
    textCut: cut,
    createdBy: shapeReference(tables, row, '_createdby_value', 'systemuser'),
    owner: shapeReference(tables, row, '_ownerid_value', 'systemuser'),
  };
}
