import { isJsonObject } from 'dynamics365-connector/base';
import { baseLanguage, requireLanguage } from '../logic/languages.ts';
import { isText } from '../model/attribute.ts';
import { requireTable } from '../store/require-table.ts';
import type { StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readUserFormat } from '../web-api/user-format.ts';
import { operationResponse, readListParameter, readRowParameter, readStringParameter } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** The kind of blobs with the texts of a column of a row in other languages. Key: `<row id> <column>`. */
const labelKind = 'row-label';

/** Operations on the texts of rows in several languages, for example the names of views. */
export const rowLabelOperations: readonly WebApiOperation[] = [
  {
    name: 'RetrieveLocLabels',
    kind: 'function',
    parameters: { EntityMoniker: 'required', AttributeName: 'required', IncludeUnpublished: 'optional' },
    run: retrieveLabels,
  },
  {
    name: 'SetLocLabels',
    kind: 'action',
    parameters: { EntityMoniker: 'required', AttributeName: 'required', Labels: 'required' },
    run: setLabels,
  },
];

interface LabeledColumn {
  readonly row: StoredRow;
  readonly column: string;
}

function readColumn(call: OperationContext): LabeledColumn {
  const row = readRowParameter(call, 'EntityMoniker');
  const column = readStringParameter(call, 'AttributeName');
  const { model } = call.context.org.store;
  const attribute = model.attribute(requireTable(model, row.table), column);
  if (attribute && isText(attribute)) return { row, column };
  throw invalidArgument(`'${row.table}' entity doesn't contain a text attribute with Name = '${column}'.`);
}

/** The texts in other languages, by LCID. */
function readTexts({ context }: OperationContext, { row, column }: LabeledColumn): Record<string, string> {
  const text = context.org.systemStore.blobs.get(labelKind, `${row.id} ${column}`)?.text;
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

function retrieveLabels(call: OperationContext): WebApiResponse {
  const labeled = readColumn(call);
  const { org, request } = call.context;
  const base = labeled.row.values[labeled.column];
  const localize = (label: unknown, language: number) => ({
    Label: label,
    LanguageCode: language,
    IsManaged: false,
    MetadataId: null,
    HasChanged: null,
  });
  const others = Object.entries(readTexts(call, labeled)).map(([code, text]) => localize(text, Number(code)));
  const labels = [...(typeof base === 'string' ? [localize(base, baseLanguage)] : []), ...others];
  const { language } = readUserFormat(org.systemStore, request.caller.userId);
  const own = labels.find(({ LanguageCode: code }) => code === language) ?? labels[0] ?? null;
  return operationResponse(call, { Label: { LocalizedLabels: labels, UserLocalizedLabel: own } });
}

/** Sets the text of each given language; the one of the base language is the value of the column. */
function setLabels(call: OperationContext): WebApiResponse {
  const labeled = readColumn(call);
  const { store, systemStore } = call.context.org;
  const texts = readTexts(call, labeled);
  for (const item of readListParameter(call, 'Labels')) {
    const { Label: label, LanguageCode: language } = isJsonObject(item) ? item : {};
    if (typeof label !== 'string' || typeof language !== 'number')
      throw invalidArgument("An item of 'Labels' must have a Label and a LanguageCode.");
    requireLanguage(systemStore, language);
    if (language !== baseLanguage) texts[String(language)] = label;
    const { table, id } = labeled.row;
    const values = language === baseLanguage ? { [labeled.column]: label } : {};
    store.update({ table, id, values, actor: call.context.actor });
  }
  systemStore.blobs.put(labelKind, `${labeled.row.id} ${labeled.column}`, { text: JSON.stringify(texts) });
  return noContentResponse(call.context);
}
