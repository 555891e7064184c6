import { toReference } from '../store/entity-reference.ts';
import { DataverseError, invalidArgument } from '../store/errors.ts';
import { columnEquals, guidLiteral, stringLiteral } from '../store/query/filter-nodes.ts';
import type { EntityReference } from '../store/types.ts';
import { requireColumns } from './require-columns.ts';
import type { RowChange, TableLogic } from './table-logic.ts';

/**
 * A custom API has a message of its name, which steps can be registered for.
 * https://learn.microsoft.com/power-apps/developer/data-platform/custom-api
 */
export const customApiLogic: TableLogic = {
  before(change) {
    if (change.current) return change.values;
    checkCustomApi(change);
    return { ...change.values, sdkmessageid: addMessage(change) };
  },
  afterDelete({ values }, { store }) {
    const message = toReference(values.sdkmessageid);
    if (!message || !store.read('sdkmessage', message.id)) return;
    const filter = columnEquals('_sdkmessageid_value', guidLiteral(message.id));
    for (const { id } of store.query('sdkmessagefilter', { filter, actor: { userId: '' } }).rows)
      store.delete('sdkmessagefilter', id);
    store.delete('sdkmessage', message.id);
  },
};

/** The parameters and properties of a custom API have names of their own. */
export const customApiMemberLogic: TableLogic = {
  before({ store, table, values, current }) {
    const api = toReference(values.customapiid);
    if (current) return values;
    requireColumns(table.logicalName, values, ['uniquename', 'name', 'type', 'customapiid']);
    const navigation =
      table.logicalName === 'customapirequestparameter'
        ? 'CustomAPIRequestParameters'
        : 'CustomAPIResponseProperties';
    const relatedTo = { table: 'customapi', id: api?.id ?? '', navigation };
    const { rows } = store.query(table.logicalName, { relatedTo, actor: { userId: '' } });
    if (rows.some((row) => row.values.uniquename === values.uniquename))
      throw invalidArgument(
        `The custom API already has a member with the unique name '${values.uniquename}'.`,
      );
    return values;
  },
};

function checkCustomApi({ store, values }: RowChange): void {
  requireColumns('customapi', values, ['uniquename', 'name', 'displayname']);
  const name = String(values.uniquename);
  if (!/^[A-Za-z][A-Za-z0-9]{1,7}_\w+$/.test(name))
    throw invalidArgument(
      `The unique name '${name}' of a custom API must start with a customization prefix.`,
    );
  const filter = columnEquals('name', stringLiteral(name));
  if (store.query('sdkmessage', { filter, actor: { userId: '' } }).rows.length > 0)
    throw new DataverseError(400, '0x80040237', `A message with the name '${name}' already exists.`);
  const {
    bindingtype: binding = 0,
    boundentitylogicalname: table,
    isfunction,
    workflowsdkstepenabled,
  } = values;
  if (binding !== 0 && !store.model.table(String(table)))
    throw invalidArgument(`The bound table '${table}' of the custom API does not exist.`);
  if (isfunction === true && workflowsdkstepenabled === true)
    throw invalidArgument('A function cannot be enabled for workflow.');
}

function addMessage({ store, actor, values }: RowChange): EntityReference {
  const { id } = store.insert(
    'sdkmessage',
    { name: values.uniquename ?? null, isprivate: values.isprivate ?? false },
    actor,
  );
  const message = { table: 'sdkmessage', id };
  const allowed = Number(values.allowedcustomprocessingsteptype ?? 0);
  const filter = {
    sdkmessageid: message,
    primaryobjecttypecode: values.boundentitylogicalname ?? 'none',
    iscustomprocessingstepallowed: allowed > 0,
  };
  store.insert('sdkmessagefilter', filter, actor);
  return message;
}
