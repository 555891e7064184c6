import { Property } from '@activepieces/pieces-framework';
import { type FieldView, loadPickList, type PickList, runtimeOf } from 'dynamics365-connector/host';
import { columnProperties } from './column-properties.ts';
import { openClient } from './connection.ts';
import type { PieceContext } from './piece-context.ts';
import { describeError } from './piece-error.ts';
import type { DropdownState, FormValues, PieceProperty } from './piece-types.ts';
import { yesOrNo } from './yes-or-no.ts';

/** The property of the form for one field of the host view. */
export function fieldProperty(field: FieldView, context: PieceContext): PieceProperty {
  const { title, required, default: defaultValue } = field;
  const text = { displayName: title, description: descriptionOf(field), required, defaultValue };
  switch (field.kind) {
    case 'long-text':
      return Property.LongText(text);
    case 'number':
      return Property.Number(text);
    case 'boolean':
      return Property.StaticDropdown({ ...text, options: yesOrNo });
    case 'date-time':
      return Property.DateTime(text);
    case 'texts':
      return Property.Array(text);
    case 'file':
      return Property.File(text);
    case 'files': {
      const file = Property.File({ displayName: 'File', required: true });
      return Property.Array({ ...text, properties: { file } });
    }
    case 'json':
      return Property.Json(text);
    case 'text':
    case 'date':
      return Property.ShortText(text);
    default:
      return listProperty(field, text, context);
  }
}

function descriptionOf({ description, kind, example }: FieldView): string | undefined {
  const shown = kind === 'json' && example !== undefined ? `Example: ${JSON.stringify(example)}` : undefined;
  const format = kind === 'date' ? 'A date such as 2026-03-31' : shown;
  if (format === undefined) return description;
  return description === undefined ? format : `${description} ${format}`;
}

type PropertyTexts = Parameters<typeof Property.ShortText>[0];

/** A field with a pick list. */
function listProperty(field: FieldView, text: PropertyTexts, context: PieceContext): PieceProperty {
  const { pickList, kind } = field;
  if (pickList === undefined) return kind === 'choice' ? Property.ShortText(text) : Property.Json(text);
  const isMultiple = kind === 'choices' || kind === 'lookups' || kind === 'people';
  if (pickList.from === 'values') {
    const options = { options: pickList.options.map(({ label, value }) => ({ label, value })) };
    return isMultiple
      ? Property.StaticMultiSelectDropdown({ ...text, options })
      : Property.StaticDropdown({ ...text, options });
  }
  const refreshers = refreshersOf(pickList);
  if (kind === 'values' && pickList.from === 'columns')
    return Property.DynamicProperties({
      ...text,
      refreshers,
      props: (values) => columnProperties(pickList, values, context),
    });
  const request = {
    ...text,
    refreshers,
    refreshOnSearch: pickList.from === 'rows',
    options: (values: FormValues, { searchValue }: { readonly searchValue?: string }) =>
      loadOptions(pickList, { values, text: searchValue }, context),
  };
  return isMultiple ? Property.MultiSelectDropdown(request) : Property.Dropdown(request);
}

/** The fields that name the tables of a pick list. */
function refreshersOf(pickList: PickList): readonly string[] {
  const sources =
    pickList.from === 'rows' ? pickList.tables : pickList.from === 'columns' ? [pickList.table] : [];
  return sources.flatMap((source) => (typeof source === 'string' ? [] : [source.field]));
}

/** The options of a list. The platform hides the message of an error, so an error is the placeholder of an empty list. */
async function loadOptions(
  pickList: PickList,
  { values, text }: { readonly values: FormValues; readonly text: string | undefined },
  context: PieceContext,
): Promise<DropdownState> {
  if (!values.auth) return emptyList('Choose a connection first');
  try {
    const client = openClient(context, values.auth);
    const { definition } = runtimeOf(context.connector);
    const options = await loadPickList(definition, client, pickList, text ? { values, text } : { values });
    return {
      options: options.map(({ label, value, detail }) => ({
        label: detail === undefined ? label : `${label} (${detail})`,
        value,
      })),
    };
  } catch (error) {
    return emptyList(describeError(error));
  }
}

function emptyList(placeholder: string): DropdownState {
  return { disabled: true, placeholder, options: [] };
}
