import { ConnectorError } from '../../errors/connector-error.ts';
import { hasMembers } from '../../model/has-members.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import {
  type ActivityParties,
  customColumnsName,
  type ExpandedTable,
  expandedName,
  type LookupTarget,
  type Table,
  type TableColumn,
} from '../../model/table.ts';
import { formattedValueName, lookupTableName, readText } from '../../odata/row-annotations.ts';

/** Decodes a row that Dataverse sent. */
export type RowShaper = (wire: JsonObject | null) => JsonObject;

/** Decodes a value of a row, whose display text is beside it. */
export type ValueShaper = (value: Json, wire: JsonObject) => Json;

/**
 * Compiles the decoder of rows of a table: our column names, choices as labels, lookups as `{ table, id, name }`. A choice
 * that the schema does not have becomes `{ value, label }`. A column that was not sent is omitted. Columns that our schema
 * does not have are in `customColumns`, expanded rows in `expanded`. The decoder throws RESPONSE_INVALID for a row without
 * its key. Compiling takes as long as some rows, so a list is decoded by one decoder.
 */
export function compileRowShaper(table: Table): RowShaper {
  const { key, entitySet, expanded } = table;
  const selected = table.columns.filter((column) => isSelected(table, column));
  const shapeColumns = compileColumns(selected.filter(({ isCustom }) => isCustom !== true));
  const custom = selected.filter(({ isCustom }) => isCustom === true);
  const shapeCustom = custom.length === 0 ? undefined : compileColumns(custom);
  const parties = (table.parties ?? []).map((one) => [one, compileParties(one)] as const);
  const shapeExpanded = expanded && compileExpanded(expanded);
  return (wire) => {
    if (typeof wire?.[key] !== 'string') throw missingKeyError(entitySet, key);
    const row = shapeColumns(wire);
    const others = shapeCustom?.(wire);
    if (others !== undefined && hasMembers(others)) row[customColumnsName] = others;
    for (const [{ name, collection }, shapePeople] of parties) {
      const people = wire[collection];
      if (people !== undefined && isJsonArray(people)) row[name] = shapePeople(people);
    }
    if (shapeExpanded !== undefined) row[expandedName] = shapeExpanded(wire);
    return row;
  };
}

/** The same for one row. */
export function shapeRow(table: Table, wire: JsonObject | null): JsonObject {
  return compileRowShaper(table)(wire);
}

function missingKeyError(entitySet: string, key: string): ConnectorError {
  return new ConnectorError(
    'RESPONSE_INVALID',
    `Dataverse sent a row of ${entitySet} without its key ${key}.`,
  );
}

function compileColumns(columns: readonly TableColumn[]): (wire: JsonObject) => Record<string, Json> {
  // Only what is read for each row: small objects of one shape are read fast.
  const shapers = columns.map((column) => ({
    name: column.name,
    wireName: column.wireName,
    shape: compileValueShaper(column),
  }));
  return (wire) => {
    const row: Record<string, Json> = {};
    for (const { name, wireName, shape } of shapers) {
      const value = wire[wireName];
      if (value !== undefined) row[name] = shape === undefined ? value : shape(value, wire);
    }
    return row;
  };
}

/** The expanded rows: one or null for a lookup, a list for a collection. */
function compileExpanded(expanded: readonly ExpandedTable[]): (wire: JsonObject) => JsonObject {
  const shapers = expanded.map((one) => ({ ...one, shape: compileRowShaper(one.table) }));
  return (wire) => {
    const rows: Record<string, Json> = {};
    for (const { name, navigation, isCollection, shape } of shapers) {
      const value = wire[navigation];
      if (value === undefined) continue;
      if (isCollection) rows[name] = isJsonArray(value) ? value.map((row) => shape(row as JsonObject)) : [];
      // Of the tables of a lookup, one has the row.
      else rows[name] = isJsonObject(value) ? shape(value) : (rows[name] ?? null);
    }
    return rows;
  };
}

/** Whether a read returns the column. Dataverse sends some columns unasked, for example the currency of money. */
export function isSelected({ selected }: Table, { name, isCustom }: TableColumn): boolean {
  return selected === undefined || isCustom === true || selected.includes(name);
}

/** What decoding the value of a column needs. */
export type ValueShape = Pick<
  TableColumn,
  'type' | 'choices' | 'targets' | 'wireName' | 'timeZoneIndependent'
>;

/** Compiles the decoder of a column's values; undefined if they stay as they are. */
export function compileValueShaper(column: ValueShape): ValueShaper | undefined {
  const shape = compileByType(column);
  return shape && ((value, wire) => (value === null ? null : shape(value, wire)));
}

function compileByType(column: ValueShape): ValueShaper | undefined {
  switch (column.type) {
    case 'choice':
      return compileChoice(column);
    case 'choices': {
      const shape = compileChoice({ ...column, wireName: '' });
      return (value) =>
        String(value)
          .split(',')
          .map((number) => shape(Number(number), {}));
    }
    case 'lookup':
      return compileLookup(column);
    case 'bigint':
      return (value) => String(value);
    case 'date-time':
      // Dataverse marks every date-time as UTC, also those that have no zone.
      return column.timeZoneIndependent === true ? (value) => String(value).replace(/Z$/, '') : undefined;
    default:
      return undefined;
  }
}

/** The label of a choice; `{ value, label }` if the schema does not have the choice, or another one has the same label. */
function compileChoice({ choices = {}, wireName }: ValueShape): ValueShaper {
  const labels = new Map<Json, string>();
  const sharedLabels = new Map<Json, string>();
  for (const [label, known] of Object.entries(choices)) {
    if (typeof known !== 'number') for (const number of known) sharedLabels.set(number, label);
    else if (!labels.has(known)) labels.set(known, label);
  }
  const displayName = formattedValueName(wireName);
  return (value, wire) =>
    labels.get(value) ?? {
      value,
      label: sharedLabels.get(Number(value)) ?? readText(wire, displayName) ?? null,
    };
}

/** The target of a lookup that was read. If its logical name is only assumed, its entity set tells, or it is the only one. */
function findReadTarget(targets: readonly LookupTarget[], logicalName: string): LookupTarget | undefined {
  const known = targets.find((candidate) => candidate.logicalName === logicalName);
  if (known !== undefined) return known;
  const assumed = targets.filter(({ isAssumed }) => isAssumed === true);
  const plurals = [`${logicalName}s`, `${logicalName}es`, logicalName.replace(/y$/, 'ies')];
  const bySet = assumed.find(({ entitySet }) => plurals.includes(entitySet));
  return bySet ?? (targets.length === 1 ? assumed[0] : undefined);
}

function compileLookup({ targets = [], wireName }: ValueShape): (id: Json, wire: JsonObject) => JsonObject {
  const [first, ...others] = targets;
  const onlyTable = others.length === 0 ? (first?.table ?? null) : null;
  const tables = new Map(targets.toReversed().map(({ logicalName, table }) => [logicalName, table]));
  const tableAnnotation = lookupTableName(wireName);
  const displayName = formattedValueName(wireName);
  const tableOf = (logicalName: string | undefined) =>
    logicalName === undefined
      ? onlyTable
      : (tables.get(logicalName) ?? findReadTarget(targets, logicalName)?.table ?? logicalName);
  return (id, wire) => {
    // V8 allocates literals with members outside of its young generation if earlier ones lived long, as in a list. Dead
    // ones would then keep the texts of their rows until the next full garbage collection.
    const lookup: Record<string, Json> = {};
    lookup.table = tableOf(readText(wire, tableAnnotation));
    lookup.id = id;
    lookup.name = readText(wire, displayName) ?? null;
    return lookup;
  };
}

/** The people of one role, as they are written: `{ table, id, name }`, or `{ address }` without a row. */
function compileParties({
  role,
  targets,
}: ActivityParties): (people: readonly Json[]) => readonly JsonObject[] {
  const shapeLookup = compileLookup({ type: 'lookup', wireName: '_partyid_value', targets });
  return (people) =>
    people.flatMap((person): readonly JsonObject[] => {
      if (!isJsonObject(person) || person.participationtypemask !== role) return [];
      const { addressused: address = null, _partyid_value: id = null } = person;
      const used: JsonObject = address === null ? {} : { address };
      return id === null ? [used] : [{ ...shapeLookup(id, person), ...used }];
    });
}
