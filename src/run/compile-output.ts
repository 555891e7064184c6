import { ConnectorError } from '../errors/connector-error.ts';
import type { ConnectorDefinition, OutputShape } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { PlaceholderType } from '../model/template.ts';
import { readItemPage, readODataPage } from '../odata/read-page.ts';
import { compileJsonShaper } from './codec/shape-json-value.ts';
import { compileRowShaper } from './codec/shape-row.ts';
import type { OutputShaper } from './compiled-action.ts';
import { requireTable } from './require-table.ts';

/** Compiles the decoder of an action's responses. Lists are decoded item by item (`compileItems`). */
export function compileOutput(
  definition: Pick<ConnectorDefinition, 'tables'>,
  output: OutputShape,
): OutputShaper {
  switch (output.kind) {
    case 'none':
      return () => null;
    case 'count':
      return (body) => (body === undefined ? null : readCount(body));
    case 'row': {
      const shapeRow = compileRowShaper(requireTable(definition, output.table));
      return (body) => shapeRow(requireRow(body) as JsonObject | null);
    }
    case 'rows':
      return (body) => body ?? null;
    case 'json': {
      const { type } = output;
      if (type === undefined) return (body) => body ?? null;
      const shape = compileJsonShaper(type, definition.tables);
      return (body) => (body === undefined ? null : shape(readValue(type, body), {}));
    }
  }
}

/** Compiles the decoder of the items of an action's lists: rows, or JSON of any kind. */
export function compileItems(
  definition: Pick<ConnectorDefinition, 'tables'>,
  output: OutputShape,
): (item: Json) => Json {
  if (output.kind === 'rows') {
    const shapeRow = compileRowShaper(requireTable(definition, output.table));
    return (row) => shapeRow(row as JsonObject);
  }
  const items = output.kind === 'json' ? output.type?.items : undefined;
  const shapeItem = items && compileJsonShaper(items, definition.tables);
  return (item) => (shapeItem === undefined ? item : shapeItem(item, {}));
}

/** An empty body is no row. Other actions may have an empty response. */
function requireRow(body: Json | undefined): Json {
  if (body !== undefined) return body;
  throw new ConnectorError(
    'RESPONSE_INVALID',
    'The response of the organization does not have the requested row.',
  );
}

/** The value of a response: an object is the body itself; a list or a single value is in its `value`. */
function readValue({ kind }: PlaceholderType, body: Json): Json {
  if (kind === 'array' || kind === 'names') return readItemPage(body).items;
  if (kind === 'object' || kind === 'row' || kind === 'lookup') return body;
  const value = isJsonObject(body) && Object.hasOwn(body, 'value') ? (body.value ?? null) : body;
  // The number of rows, `/accounts/$count`, is plain text with a byte order mark.
  const isCount = kind === 'integer' && typeof value === 'string' && /^\uFEFF?\d{1,15}$/.test(value);
  return isCount ? Number(value.replace('\uFEFF', '')) : value;
}

/** The count in the one row of an aggregation; Dataverse sends no row if there is nothing to count. */
function readCount(body: Json): Json {
  const [row] = readODataPage(body).rows;
  return row?.count ?? 0;
}
