import type { ActionDefinition, JsonObject } from 'dynamics365-connector';
import type { ExecuteFunctions, NodeExecutionData, NodeProperty } from './n8n-types.ts';

const binaryPropertyParameter = 'binaryPropertyName';

/** The inputs of an action that come from a file of the item. */
export function binaryInputNames({ handler }: ActionDefinition): readonly string[] {
  return handler === 'attachFile' ? ['content', 'fileName', 'mimeType'] : [];
}

/** The property that names the file of an item, for actions that upload or download a file. */
export function buildBinaryProperties({ handler }: ActionDefinition): readonly NodeProperty[] {
  if (handler !== 'attachFile' && handler !== 'downloadFile') return [];
  const displayName = handler === 'attachFile' ? 'Input Binary Field' : 'Put Output File in Field';
  const hint = `The name of the ${handler === 'attachFile' ? 'input' : 'output'} field that holds the file`;
  return [
    { displayName, name: binaryPropertyParameter, type: 'string', default: 'data', required: true, hint },
  ];
}

/** The file of an item as inputs of an action that attaches a file. */
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

/** The output of a download as an item with binary data. */
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
