import { Property } from '@activepieces/pieces-framework';
import type { MetadataColumn } from 'dynamics365-connector';
import { isRequired, loadColumns, type PickList, runtimeOf } from 'dynamics365-connector/host';
import { openClient } from './connection.ts';
import type { PieceContext } from './piece-context.ts';
import { toPieceError } from './piece-error.ts';
import type { FormValues, PieceProperty } from './piece-types.ts';
import { yesOrNo } from './yes-or-no.ts';

type ColumnList = Extract<PickList, { from: 'columns' }>;

/** The columns of a table of the organization as properties of a form, the required ones first; none without a connection. */
export async function columnProperties(
  pickList: ColumnList,
  values: FormValues,
  context: PieceContext,
): Promise<Readonly<Record<string, PieceProperty>>> {
  if (!values.auth) return {};
  try {
    const client = openClient(context, values.auth);
    const { definition } = runtimeOf(context.connector);
    const columns = await loadColumns(definition, client, pickList, { values });
    const isNeeded = (column: MetadataColumn) => pickList.use === 'create' && isRequired(column);
    const sorted = [...columns.filter(isNeeded), ...columns.filter((column) => !isNeeded(column))];
    return Object.fromEntries(
      sorted.map((column) => [column.name, columnProperty(column, isNeeded(column))]),
    );
  } catch (error) {
    throw toPieceError(error);
  }
}

function columnProperty(column: MetadataColumn, required: boolean): PieceProperty {
  const { title, name, type, targets = [], choices = [] } = column;
  const text = { displayName: title, description: name, required };
  const options = { options: choices.map(({ label, value }) => ({ label, value })) };
  switch (type) {
    case 'integer':
    case 'decimal':
      return Property.Number(text);
    case 'boolean':
      return Property.StaticDropdown({ ...text, options: yesOrNo });
    case 'date-time':
      return Property.DateTime(text);
    case 'date':
      return Property.ShortText({ ...text, description: `${name}, a date such as 2026-03-31` });
    case 'choice':
      return Property.StaticDropdown({ ...text, options });
    case 'choices':
      return Property.StaticMultiSelectDropdown({ ...text, options });
    case 'lookup': {
      const form = targets.length === 1 ? 'an ID' : targets.map((target) => `${target}/ID`).join(' or ');
      return Property.ShortText({ ...text, description: `${name}, ${form}` });
    }
    case 'parties':
      return Property.Array({ ...text, description: `${name}, table/ID or an e-mail address` });
    default:
      return Property.ShortText(text);
  }
}
