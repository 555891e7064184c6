import type { ActionDefinition, Json, JsonObject } from 'dynamics365-connector';
import type { ExecuteFunctions, NodeExecutionData, NodeProperty } from './n8n-types.ts';

const binaryPropertyParameter = 'binaryPropertyName';

const uploads: readonly unknown[] = ['attachFile', 'uploadColumnFile'];
const downloads: readonly unknown[] = ['downloadFile', 'downloadColumnFile'];

/** Whether the output of an action is a file. */
export function returnsFile({ handler }: ActionDefinition): boolean {
  return downloads.includes(handler);
}

/** The inputs of an action that come from a file of the item. */
export function binaryFields({ handler }: ActionDefinition): readonly string[] {
  return uploads.includes(handler) ? ['content', 'fileName', 'mimeType'] : [];
}

/** The property that names the file of an item, for actions that upload or download a file. */
export function buildBinaryProperties({ handler }: ActionDefinition): readonly NodeProperty[] {
  if (!uploads.includes(handler) && !downloads.includes(handler)) return [];
  const displayName = uploads.includes(handler) ? 'Input Binary Field' : 'Put Output File in Field';
  const hint = `The name of the ${uploads.includes(handler) ? 'input' : 'output'} field that holds the file`;
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
  if (!uploads.includes(handler)) return {};
  const name = String(functions.getNodeParameter(binaryPropertyParameter, index, 'data'));
  return await readFile(name, functions, index);
}

/** The files of an item by the names of their binary fields, `data,attachment_1`; other values as they are. */
export async function readFileList(
  names: unknown,
  functions: ExecuteFunctions,
  index: number,
): Promise<Json> {
  if (typeof names !== 'string') return names as Json;
  const fields = names.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  return await Promise.all(fields.map((name) => readFile(name, functions, index)));
}

async function readFile(name: string, functions: ExecuteFunctions, index: number): Promise<JsonObject> {
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
