import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import type { ExecuteFunctions, NodeExecutionData, NodeProperty } from './n8n-types.ts';

const binaryPropertyParameter = 'binaryPropertyName';

/** Inputs of an action that a file of the item brings. */
export function binaryInputNames({ handler }: ActionDefinition): readonly string[] {
  return handler === 'attachFile' ? ['content', 'fileName', 'mimeType'] : [];
}

/** The field that names the file of an item, where an action takes one or answers one. */
export function buildBinaryProperties({ handler }: ActionDefinition): readonly NodeProperty[] {
  if (handler !== 'attachFile' && handler !== 'downloadFile') return [];
  const displayName = handler === 'attachFile' ? 'Input Binary Field' : 'Put Output File in Field';
  const hint = `The name of the ${handler === 'attachFile' ? 'input' : 'output'} field that holds the file`;
  return [
    { displayName, name: binaryPropertyParameter, type: 'string', default: 'data', required: true, hint },
  ];
}

/** The file of an item as inputs of an action that attaches one. */
export async function readBinaryInput(
  { handler }: ActionDefinition,
  functions: ExecuteFunctions,
  index: number,
): Promise<JsonObject> {
  if (handler !== 'attachFile') return {};
  const name = String(functions.getNodeParameter(binaryPropertyParameter, index, 'data'));
  const { fileName, mimeType } = functions.helpers.assertBinaryData(index, name);
  const bytes = await functions.helpers.getBinaryDataBuffer(index, name);
  return { content: Buffer.from(bytes).toString('base64'), fileName: fileName ?? 'file', mimeType };
}

/** What an action answered as an item whose file lies beside it. */
export async function toBinaryItem(
  output: JsonObject,
  functions: ExecuteFunctions,
  index: number,
): Promise<Pick<NodeExecutionData, 'json' | 'binary'>> {
  const name = String(functions.getNodeParameter(binaryPropertyParameter, index, 'data'));
  const { content, ...json } = output;
  const bytes = Buffer.from(String(content), 'base64');
  const file = await functions.helpers.prepareBinaryData(bytes, String(json.fileName), String(json.mimeType));
  return { json, binary: { [name]: file } };
}
