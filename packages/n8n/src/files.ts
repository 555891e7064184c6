import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import type { ExecuteContext, Item, Property } from './n8n.ts';

const parameter = 'binaryPropertyName';

/** Inputs of an action that a file of the item brings. */
export function fileInputs({ handler }: ActionDefinition): readonly string[] {
  return handler === 'attachFile' ? ['content', 'fileName', 'mimeType'] : [];
}

/** The field that names the file of an item, where an action takes one or answers one. */
export function fileFields({ handler }: ActionDefinition): readonly Property[] {
  if (handler !== 'attachFile' && handler !== 'downloadFile') return [];
  const displayName = handler === 'attachFile' ? 'Input Binary Field' : 'Put Output File in Field';
  const hint = `The name of the ${handler === 'attachFile' ? 'input' : 'output'} field that holds the file`;
  return [{ displayName, name: parameter, type: 'string', default: 'data', required: true, hint }];
}

/** The file of an item as inputs of an action that attaches one. */
export async function readFile(
  { handler }: ActionDefinition,
  context: ExecuteContext,
  index: number,
): Promise<JsonObject> {
  if (handler !== 'attachFile') return {};
  const name = String(context.getNodeParameter(parameter, index, 'data'));
  const { fileName, mimeType } = context.helpers.assertBinaryData(index, name);
  const bytes = await context.helpers.getBinaryDataBuffer(index, name);
  return { content: Buffer.from(bytes).toString('base64'), fileName: fileName ?? 'file', mimeType };
}

/** What an action answered as an item whose file lies beside it. */
export async function toFileItem(
  output: JsonObject,
  context: ExecuteContext,
  index: number,
): Promise<Pick<Item, 'json' | 'binary'>> {
  const name = String(context.getNodeParameter(parameter, index, 'data'));
  const { content, ...json } = output;
  const bytes = Buffer.from(String(content), 'base64');
  const file = await context.helpers.prepareBinaryData(bytes, String(json.fileName), String(json.mimeType));
  return { json, binary: { [name]: file } };
}
