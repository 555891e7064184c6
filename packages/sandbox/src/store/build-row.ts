import { omitUndefined } from 'dynamics365-connector/base';
import { decimalScale } from '../model/attribute.ts';
import type { ChoiceOption, TableModel } from '../model/types.ts';
import { compositeValues } from './compose-address.ts';
import { divideAmount } from './decimal.ts';
import type { DefaultValues } from './default-values.ts';
import { toReference } from './entity-reference.ts';
import type { ColumnValue, ColumnValues, EntityReference } from './types.ts';

const hasColumn = ({ model }: DefaultValues, table: TableModel, name: string): boolean =>
  model.attribute(table, name) !== undefined;

/** The values whose columns the table has. */
const pickExistingColumns = (
  defaultValues: DefaultValues,
  table: TableModel,
  values: ColumnValues,
): ColumnValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => hasColumn(defaultValues, table, name)));

/** The values that columns have when a request leaves them out. They are the same for each row of a table. */
export function columnDefaults(table: TableModel): ColumnValues {
  const defaults = table.attributes.flatMap(({ logicalName, default: value }) =>
    value === undefined ? [] : [[logicalName, value] as const],
  );
  return { ...Object.fromEntries(defaults), ...rowDefaults(table) };
}

/**
 * The values of a new row: those of the request and those that Dataverse adds, some of which have no column in the table.
 * `columns` are the `columnDefaults`.
 */
export function buildNewRow(
  table: TableModel,
  { requested, columns }: { readonly requested: ColumnValues; readonly columns: ColumnValues },
  defaultValues: DefaultValues,
): ColumnValues {
  const { now, writtenBy, delegate } = defaultValues;
  const imported = requested.overriddencreatedon ?? null;
  const system: ColumnValues = {
    createdon: imported ?? now,
    ...(imported === null ? {} : { overriddencreatedon: now }),
    modifiedon: now,
    createdby: writtenBy,
    createdonbehalfby: delegate,
    modifiedby: writtenBy,
    modifiedonbehalfby: delegate,
  };
  const owner: ColumnValues = table.ownership === 'UserOwned' ? { ownerid: writtenBy } : {};
  const businessUnit: ColumnValues =
    table.ownership === 'BusinessOwned' && defaultValues.model.attribute(table, 'businessunitid')?.targets
      ? { businessunitid: defaultValues.businessUnitOf(writtenBy) }
      : {};
  const values: ColumnValues = {
    ...columns,
    ...owner,
    ...businessUnit,
    ...requested,
    ...system,
    ...completeStatePair(table, requested, {}),
  };
  return {
    ...values,
    ...ownershipValues(table, values.ownerid ?? null, defaultValues),
    ...tableSpecificValues(table, values, defaultValues),
    ...autoNumberValues(table, values, defaultValues),
    ...moneyValues(table, values, defaultValues),
    ...addressValues(table, requested, values),
    ...scheduleValues(table, requested, values),
  };
}

/** The scheduled duration of an activity in minutes. A task without a start starts when it is due. */
function scheduleValues(table: TableModel, written: ColumnValues, row: ColumnValues): ColumnValues {
  const isScheduled = 'scheduledstart' in written || 'scheduledend' in written;
  if (
    table.base !== 'activitypointer' ||
    !isScheduled ||
    table.logicalName === 'recurringappointmentmaster'
  ) {
    return {};
  }
  const end = row.scheduledend ?? null;
  const start = row.scheduledstart ?? (table.logicalName === 'task' ? end : null);
  if (typeof start !== 'string' || typeof end !== 'string') return {};
  const minutes = Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
  return { scheduledstart: start, scheduleddurationminutes: minutes };
}

const addressValues = (table: TableModel, written: ColumnValues, row: ColumnValues): ColumnValues =>
  compositeValues(table.attributes, written, row);

/** Values of new rows that differ from the default in the definition of their column. */
function rowDefaults({ logicalName, base }: TableModel): ColumnValues {
  if (base === 'activitypointer') return { isregularactivity: true };
  if (logicalName === 'systemuser') return { islicensed: true };
  return logicalName === 'knowledgearticle' ? { islatestversion: true } : {};
}

/** The values of auto-number columns that the request leaves out. */
const autoNumberValues = (
  table: TableModel,
  values: ColumnValues,
  defaultValues: DefaultValues,
): ColumnValues =>
  Object.fromEntries(
    table.attributes
      .filter(
        ({ logicalName, autoNumberFormat }) => autoNumberFormat && (values[logicalName] ?? null) === null,
      )
      .map((attribute) => [attribute.logicalName, defaultValues.autoNumber(table, attribute)]),
  );

/** The values of a changed row: those of the request and those that Dataverse adds (modified by, full name, base amounts). */
export function buildRowChanges(
  table: TableModel,
  before: ColumnValues,
  changes: ColumnValues,
  defaultValues: DefaultValues,
): ColumnValues {
  const owner = changes.ownerid;
  const after = { ...before, ...changes };
  const amounts =
    'transactioncurrencyid' in changes ||
    table.attributes.some(({ logicalName, type }) => type === 'Money' && logicalName in changes);
  const system: ColumnValues = {
    modifiedon: defaultValues.now,
    modifiedby: defaultValues.writtenBy,
    modifiedonbehalfby: defaultValues.delegate,
    ...(owner && ownershipValues(table, owner, defaultValues)),
  };
  return {
    ...changes,
    ...pickExistingColumns(defaultValues, table, system),
    ...completeStatePair(table, changes, before),
    ...(table.logicalName === 'email' && 'description' in changes && emailValues(changes)),
    ...('authvalue' in changes && { isauthvalueset: Boolean(changes.authvalue) }),
    ...(('firstname' in changes || 'lastname' in changes) && fullNameValues(table, after, defaultValues)),
    ...(amounts && moneyValues(table, after, defaultValues)),
    ...addressValues(table, changes, after),
    ...scheduleValues(table, changes, after),
  };
}

/** Completes a state with its default status reason, and a status reason with its state. */
function completeStatePair(table: TableModel, requested: ColumnValues, before: ColumnValues): ColumnValues {
  const column = (type: 'State' | 'Status') => table.attributes.find((attribute) => attribute.type === type);
  const options = (type: 'State' | 'Status'): readonly ChoiceOption[] => column(type)?.options ?? [];
  const [states, statuses] = [options('State'), options('Status')];
  const firstState = column('State')?.default ?? states[0]?.value;
  if (firstState === undefined) return {};
  const isNew = before.statecode === undefined;
  const isUnspecified = requested.statecode == null && requested.statuscode == null;
  if (isUnspecified && !isNew) return {};
  const ofStatus = statuses.find(({ value }) => value === requested.statuscode)?.state;
  const state = requested.statecode ?? ofStatus ?? before.statecode ?? firstState;
  const defaultStatus =
    states.find(({ value }) => value === state)?.defaultStatus ??
    statuses.find((status) => status.state === state)?.value ??
    null;
  if (statuses.length === 0) return { statecode: state };
  return { statecode: state, statuscode: requested.statuscode ?? defaultStatus };
}

/** The user, the team and the business unit of an owner. Parties of activities have the plain ids. */
function ownershipValues(table: TableModel, owner: ColumnValue, defaultValues: DefaultValues): ColumnValues {
  if (owner === null || typeof owner !== 'object') return {};
  const toValue = (column: string, reference: EntityReference | null): ColumnValue => {
    const isId = defaultValues.model.attribute(table, column)?.type === 'Uniqueidentifier';
    return isId ? (reference?.id ?? null) : reference;
  };
  return {
    owninguser: toValue('owninguser', owner.table === 'systemuser' ? owner : null),
    owningteam: toValue('owningteam', owner.table === 'team' ? owner : null),
    owningbusinessunit: toValue('owningbusinessunit', defaultValues.businessUnitOf(owner)),
  };
}

const fullNameValues = (
  table: TableModel,
  values: ColumnValues,
  defaultValues: DefaultValues,
): ColumnValues => {
  const name = [values.firstname, values.lastname].filter(Boolean).join(' ');
  return pickExistingColumns(defaultValues, table, name ? { fullname: name, yomifullname: name } : {});
};

/** Values that Dataverse adds to rows of specific tables. */
function tableSpecificValues(
  table: TableModel,
  values: ColumnValues,
  defaultValues: DefaultValues,
): ColumnValues {
  switch (table.logicalName) {
    case 'contact':
    case 'lead':
    case 'systemuser':
      return fullNameValues(table, values, defaultValues);
    case 'incident':
      return { ticketnumber: values.ticketnumber ?? defaultValues.ticketNumber() };
    case 'email':
      return { activitytypecode: 'email', ...emailValues(values) };
    case 'queueitem':
      return { enteredon: values.enteredon ?? defaultValues.now };
    case 'annotation':
      return noteValues(values);
    case 'serviceendpoint':
      return { isauthvalueset: Boolean(values.authvalue) };
    case 'activityparty':
      return { partyobjecttypecode: toReference(values.partyid)?.table ?? null };
    default:
      return table.base === 'activitypointer' ? { activitytypecode: table.logicalName } : {};
  }
}

/** The description as a document without scripts, which comes with the description of an e-mail. */
function emailValues({ description }: ColumnValues): ColumnValues {
  if (typeof description !== 'string') return { isunsafe: 0 };
  const text = description.replace(/<script\b[\s\S]*?<\/script\s*>/gi, '');
  const meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">';
  const safedescription = `<html>\r\n<head>\r\n${meta}\r\n</head>\r\n<body>\r\n${text}\r\n</body>\r\n</html>\r\n`;
  return { isunsafe: 0, safedescription };
}

function noteValues({ documentbody, isdocument, objectid }: ColumnValues): ColumnValues {
  const body = typeof documentbody === 'string' ? documentbody : undefined;
  const padding = body?.endsWith('==') ? 2 : body?.endsWith('=') ? 1 : 0;
  return omitUndefined({
    objecttypecode: toReference(objectid)?.table ?? null,
    isdocument: body !== undefined || isdocument === true,
    filesize: body === undefined ? undefined : Math.floor((body.length * 3) / 4) - padding,
  });
}

/** The currency, the exchange rate and the amounts in the organization's base currency (`_base`). */
function moneyValues(table: TableModel, values: ColumnValues, defaultValues: DefaultValues): ColumnValues {
  const amounts = table.attributes.filter(
    ({ type, logicalName }) =>
      type === 'Money' && !logicalName.endsWith('_base') && values[logicalName] !== undefined,
  );
  const given = toReference(values.transactioncurrencyid);
  if (amounts.length === 0 && !given) return {};
  if (!hasColumn(defaultValues, table, 'transactioncurrencyid')) return {};
  const currency = given ?? defaultValues.baseCurrency();
  const exchangerate = currency ? defaultValues.exchangeRate(currency) : '1';
  const bases = amounts.flatMap((attribute) => {
    const name = `${attribute.logicalName}_base`;
    const value = values[attribute.logicalName] ?? null;
    const base = value === null ? null : divideAmount(`${value}`, exchangerate, decimalScale(attribute));
    return hasColumn(defaultValues, table, name) ? [[name, base] as const] : [];
  });
  return {
    transactioncurrencyid: currency,
    ...pickExistingColumns(defaultValues, table, { exchangerate }),
    ...Object.fromEntries(bases),
  };
}
