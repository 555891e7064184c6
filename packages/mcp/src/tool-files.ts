import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { isJsonObject } from 'dynamics365-connector/host';
import type { CallToolResult } from './mcp-sdk.ts';
import type { CallResult, ResolvedCall } from './run-call.ts';
import { toToolResult } from './tool-results.ts';

/** Actions that read the file of a row by its id, and the start of the URI of each file. */
export const fileUris: Readonly<Record<string, string>> = {
  'note.download': 'dataverse://files/note/',
  'attachment.download': 'dataverse://files/attachment/',
};

/**
 * The result of a download: what is known of the file, and a link to its content, which the client reads as a resource.
 * Base64 in an answer would cost a model a hundred times as much as it says.
 */
export function toFileResult(
  { action, input }: ResolvedCall,
  result: CallResult,
): CallToolResult | undefined {
  const start = Object.hasOwn(fileUris, action.id) ? fileUris[action.id] : undefined;
  if (start === undefined || !isJsonObject(result.output)) return undefined;
  const { content: _, ...file } = result.output;
  const uri = `${start}${String(input.id)}`;
  const described = toToolResult({ ...result, output: { ...file, uri } });
  const { fileName, mimeType } = file;
  const link = {
    type: 'resource_link' as const,
    uri,
    name: typeof fileName === 'string' ? fileName : uri,
    mimeType: typeof mimeType === 'string' ? mimeType : undefined,
  };
  return { ...described, content: [...described.content, link] };
}

/** The input of a tool that names a file in the operator's folder, instead of its content as base64. */
const pathInput = 'path';

const maxFileBytes = 128 * 1024 * 1024;

/**
 * The call with the content of the file that its input names by `path`, relative to the folder that the operator allows.
 * A call that does not upload a file, or that has the content, stays as it is.
 *
 * @throws ACTION_NOT_ALLOWED if no folder is allowed, or the file is outside of it; INPUT_INVALID if it cannot be read
 */
export async function readUploadedFile(
  call: ResolvedCall,
  folder: string | undefined,
): Promise<ResolvedCall> {
  const { action, input } = call;
  const path = input[pathInput];
  const properties = (action.input.properties ?? {}) as object;
  const takesFile = Object.hasOwn(properties, 'content') && Object.hasOwn(properties, 'fileName');
  if (!takesFile || typeof path !== 'string' || input.content !== undefined) return call;
  if (folder === undefined) {
    throw new ConnectorError('ACTION_NOT_ALLOWED', 'This server reads no files of its machine.', {
      advice:
        'Give the content as base64, or tell the user that the operator can allow a folder with --files.',
    });
  }
  const file = await findFile(folder, path);
  const content = (await readFile(file)).toString('base64');
  const { [pathInput]: _, ...others } = input;
  const named: JsonObject = { fileName: basename(file), ...others, content };
  return { action, input: named };
}

/** The real path of a file in the folder; a link that leads out of it is refused. */
async function findFile(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  const file = await realpath(resolve(root, path)).catch(() => undefined);
  const info = file === undefined ? undefined : await stat(file);
  const inside = file === undefined ? '' : relative(root, file);
  if (file === undefined || info?.isFile() !== true || info.size > maxFileBytes)
    throw new ConnectorError(
      'INPUT_INVALID',
      `There is no file "${path}" of up to 128 MiB in the folder of this server.`,
    );
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside)
    throw new ConnectorError(
      'ACTION_NOT_ALLOWED',
      `The file "${path}" is outside of the folder of this server.`,
    );
  return file;
}
