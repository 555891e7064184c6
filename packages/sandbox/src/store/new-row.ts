import { scaleOf } from '../model/attribute.ts';
import type { Option, TableModel } from '../model/types.ts';
import { fromUnits, toUnits } from './decimal.ts';
import type { Filling } from './filling.ts';
import type { Reference, Value, Values } from './types.ts';

const has = ({ model }: Filling, table: TableModel, name: string): boolean =>
  model.attribute(table, name) !== undefined;

/** Only those of the values that the table has columns for. */
const known = (filling: Filling, table: TableModel, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => has(filling, table, name)));

/** A whole new row: what was given, and what Dataverse adds to it. */
export function newRow(table: TableModel, given: Values, filling: Filling): Values {
  const defaults = Object.fromEntries(
    table.attributes.flatMap(({ logicalName, default: value }) =>
      value === undefined ? [] : [[logicalName, value] as const],
    ),
  );
  const { now, by, delegate } = filling;
  const imported = given.overriddencreatedon ?? null;
  const system: Values = {
    createdon: imported ?? now,
    ...(imported !== null && { overriddencreatedon: now }),
    modifiedon: now,
    createdby: by,
    createdonbehalfby: delegate,
    modifiedby: by,
    modifiedonbehalfby: delegate,
  };
  const owner: Values = table.ownership === 'UserOwned' ? { ownerid: by } : {};
  const values: Values = { ...defaults, ...owner, ...given, ...system, ...stateOf(table, given, {}) };
  return {
    ...known(filling, table, { ...values, ...ownership(values.ownerid ?? null, filling) }),
    ...special(table, values, filling),
    ...money(table, values, filling),
  };
}

/** What a change brings with it: who and when, the owner's columns, the full name, amounts in the own currency. */
export function changedRow(table: TableModel, before: Values, changes: Values, filling: Filling): Values {
  const owner = changes.ownerid;
  const after = { ...before, ...changes };
  const amounts = table.attributes.some(
    ({ logicalName, type }) => type === 'Money' && logicalName in changes,
  );
  const system: Values = {
    modifiedon: filling.now,
    modifiedby: filling.by,
    modifiedonbehalfby: filling.delegate,
    ...(owner && ownership(owner, filling)),
  };
  return {
    ...changes,
    ...known(filling, table, system),
    ...stateOf(table, changes, before),
    ...(('firstname' in changes || 'lastname' in changes) && fullName(table, after, filling)),
    ...(amounts && money(table, after, filling)),
  };
}

/** State and status reason come in pairs: each brings its other half along. */
function stateOf(table: TableModel, given: Values, before: Values): Values {
  const options = (type: 'State' | 'Status'): readonly Option[] =>
    table.attributes.find((attribute) => attribute.type === type)?.options ?? [];
  const [states, statuses] = [options('State'), options('Status')];
  if (states.length === 0) return {};
  const isNew = before.statecode === undefined;
  const unsaid = given.statecode == null && given.statuscode == null;
  if (unsaid && !isNew) return {};
  const ofStatus = statuses.find(({ value }) => value === given.statuscode)?.state;
  const state = given.statecode ?? ofStatus ?? before.statecode ?? states[0]!.value;
  const standard =
    states.find(({ value }) => value === state)?.defaultStatus ??
    statuses.find((status) => status.state === state)?.value ??
    null;
  return { statecode: state, ...(statuses.length > 0 && { statuscode: given.statuscode ?? standard }) };
}

function ownership(owner: Value, filling: Filling): Values {
  if (owner === null || typeof owner !== 'object') return {};
  return {
    owninguser: owner.table === 'systemuser' ? owner : null,
    owningteam: owner.table === 'team' ? owner : null,
    owningbusinessunit: filling.businessUnitOf(owner),
  };
}

const fullName = (table: TableModel, values: Values, filling: Filling): Values => {
  const name = [values.firstname, values.lastname].filter(Boolean).join(' ');
  return known(filling, table, name ? { fullname: name } : {});
};

/** What single tables add by themselves. */
function special(table: TableModel, values: Values, filling: Filling): Values {
  switch (table.logicalName) {
    case 'contact':
    case 'lead':
    case 'systemuser':
      return fullName(table, values, filling);
    case 'incident':
      return { ticketnumber: values.ticketnumber ?? filling.ticketNumber() };
    case 'queueitem':
      return { enteredon: values.enteredon ?? filling.now };
    case 'annotation':
      return note(values);
    case 'activityparty':
      return { partyobjecttypecode: (values.partyid as Reference | null)?.table ?? null };
    default:
      return table.base === 'activitypointer' ? { activitytypecode: table.logicalName } : {};
  }
}

function note({ documentbody, isdocument, objectid }: Values): Values {
  const body = typeof documentbody === 'string' ? documentbody : undefined;
  const padding = body?.endsWith('==') ? 2 : body?.endsWith('=') ? 1 : 0;
  return {
    objecttypecode: (objectid as Reference | null)?.table ?? null,
    isdocument: body !== undefined || isdocument === true,
    ...(body !== undefined && { filesize: Math.floor((body.length * 3) / 4) - padding }),
  };
}

/** An amount brings the currency, its exchange rate, and the amount in the organisation's own currency (`_base`). */
function money(table: TableModel, values: Values, filling: Filling): Values {
  const amounts = table.attributes.filter(
    ({ type, logicalName }) =>
      type === 'Money' && !logicalName.endsWith('_base') && values[logicalName] !== undefined,
  );
  if (amounts.length === 0 || !has(filling, table, 'transactioncurrencyid')) return {};
  const bases = amounts.flatMap((attribute) => {
    const name = `${attribute.logicalName}_base`;
    const value = values[attribute.logicalName] ?? null;
    const scaled = value === null ? undefined : toUnits(`${value}`, scaleOf(attribute));
    const text = scaled ? fromUnits(`${scaled.units}`, scaleOf(attribute)) : null;
    return has(filling, table, name) ? [[name, text] as const] : [];
  });
  return {
    transactioncurrencyid: values.transactioncurrencyid ?? filling.baseCurrency(),
    ...known(filling, table, { exchangerate: values.exchangerate ?? '1' }),
    ...Object.fromEntries(bases),
  };
}
