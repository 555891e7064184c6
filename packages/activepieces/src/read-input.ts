import type { Client, ConnectorDefinition, Json, JsonObject } from 'dynamics365-connector';
import {
  type FieldView,
  isJsonObject,
  type OperationView,
  readColumnValues,
  readFormValue,
} from 'dynamics365-connector/host';
import type { FormValues, PieceFile } from './piece-types.ts';

/** Properties of the forms that are no inputs of the operation. */
const ownProperties: ReadonlySet<string> = new Set([
  ...['auth', 'callOptions', 'idempotencyKey', 'startFrom', 'ignoreOwnChanges'],
]);

/** The form of an operation, and what its values are read with. */
export interface OperationForm {
  readonly definition: ConnectorDefinition;
  readonly client: Client;
  readonly view: OperationView;
  readonly values: FormValues;
}

/**
 * Reads the input of an operation from its form. Fields that are empty are left out; unknown names are passed on, so that
 * the engine reports them.
 *
 * @throws INPUT_INVALID for text that should be JSON.
 */
export async function readInput(form: OperationForm): Promise<JsonObject> {
  const input: Record<string, Json> = {};
  for (const [name, value] of Object.entries(form.values)) {
    if (ownProperties.has(name)) continue;
    const field = form.view.fields.find((one) => one.name === name);
    if (isEmpty(value, field)) continue;
    input[name] = field === undefined ? (value as Json) : await readField(form, field, value);
  }
  return input;
}

/** The form has an empty text, list or object for a field that nobody has filled in. */
function isEmpty(value: unknown, field: FieldView | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (field?.required === true && field.name !== 'fileName') return false;
  if (Array.isArray(value)) return value.length === 0;
  return value === '' || (isJsonObject(value) && Object.keys(value).length === 0);
}

async function readField(form: OperationForm, field: FieldView, value: unknown): Promise<Json> {
  const { kind, pickList } = field;
  if (kind === 'file' && isFile(value)) return toBase64(value);
  if (kind === 'files' && Array.isArray(value)) return value.map(toFileInput);
  const read = readFormValue(field, value) as Json;
  if (kind !== 'values' || pickList?.from !== 'columns' || !isJsonObject(read)) return read;
  const { table: source } = pickList;
  const table = typeof source === 'string' ? source : String(form.values[source.field]);
  const logicalName = form.definition.tables[table]?.logicalName ?? table;
  // A column that nobody has filled in is not written.
  const given = Object.entries(read).filter(([, one]) => one !== null && one !== '');
  return await readColumnValues(form.client, logicalName, Object.fromEntries(given));
}

/** The name of the file in the form, for actions that need one. */
export function fileNameIn({ view, values }: Pick<OperationForm, 'view' | 'values'>): JsonObject {
  const field = view.fields.find(({ kind }) => kind === 'file');
  const file = field && values[field.name];
  return isFile(file) ? { fileName: file.filename } : {};
}

/** `{ file }` of the form's list, or a file itself. */
function toFileInput(member: unknown): Json {
  const file = isFile(member) ? member : (member as { readonly file?: unknown } | null)?.file;
  if (!isFile(file)) return member as Json;
  return { content: toBase64(file), fileName: file.filename };
}

function isFile(value: unknown): value is PieceFile {
  return typeof value === 'object' && value !== null && 'filename' in value && 'data' in value;
}

function toBase64({ data }: PieceFile): string {
  return Buffer.from(data).toString('base64');
}
