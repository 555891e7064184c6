import type { Issue } from '../model/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { MetadataParameter } from '../model/metadata.ts';
import { type ArgumentCheckContext, isRowType, readRowTable } from '../odata/operations/check-arguments.ts';
import type { QueryChecker } from '../query/query-checker.ts';

/** The issues of new rows in the parameters of an operation: the columns of each row are checked against its table. */
export async function checkNewRows(
  parameters: readonly MetadataParameter[],
  given: JsonObject,
  { checker, ...checking }: ArgumentCheckContext & { readonly checker: QueryChecker },
): Promise<readonly Issue[]> {
  const found = parameters.map(async ({ name, type }): Promise<readonly Issue[]> => {
    const value = given[name];
    if (!isNewRow(value) || !isRowType(checking, type)) return [];
    const { '@odata.type': _, ...body } = value;
    const { diagnostics } = await checker.check({ table: readRowTable(value) ?? type, body });
    return diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message, fix }) => ({
        path: `/parameters/${name}`,
        message: `is not valid: ${message}${fix === undefined ? '' : ` ${fix}`}`,
        keyword: 'columns',
      }));
  });
  return (await Promise.all(found)).flat();
}

/** Whether a value has columns of a new row, and is not only a reference: `{ table, id }`, `@odata.id`, type and key. */
function isNewRow(value: Json | undefined): value is JsonObject {
  if (value === undefined || !isJsonObject(value)) return false;
  const columns = Object.keys(value).filter((name) => !name.startsWith('@'));
  return !Object.hasOwn(value, '@odata.id') && !columns.every((name) => /^(table|id)$|id$/.test(name));
}
