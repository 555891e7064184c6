import type { ConnectorError, Json, JsonObject } from 'dynamics365-connector';
import { asConnectorError, isJsonObject } from 'dynamics365-connector/host';
import { adviseModel } from './advise-model.ts';
import type { CallToolResult } from './mcp-sdk.ts';

/**
 * A tool's result: structured, and as text for clients that read only text. The text leaves out what a model does not
 * need: empty values, and how often the request was sent.
 */
export function toToolResult(structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [textContent(JSON.stringify(toBrief(structuredContent)))], structuredContent };
}

/** What `meta` says that matters for the next step. */
const usefulMeta = ['hasMore', 'replayed', 'missingColumns', 'uncertain'];

/** What a model needs of a result: no empty values, and of `meta` only what matters for the next step. */
export function toBrief({ meta, ...content }: Record<string, unknown>): unknown {
  const useful = isJsonObject(meta)
    ? Object.fromEntries(
        Object.entries(meta).filter(([name, value]) => usefulMeta.includes(name) && value !== false),
      )
    : {};
  return { ...(omitNulls(content as JsonObject) as JsonObject), ...useful };
}

function omitNulls(value: Json, isTop = true): Json {
  if (Array.isArray(value)) return value.map((item) => omitNulls(item as Json, false));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => isTop || inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, omitNulls(inner, false)]));
}

/** An error as a tool's result: its message, issues and advice as text, the whole error under `error`. */
export function toToolError(thrown: unknown): CallToolResult {
  const error = asConnectorError(thrown);
  return {
    isError: true,
    content: [textContent(errorText(error))],
    structuredContent: { error: error.toJSON() },
  };
}

/** The message, issues and advice of an error, for a model. */
export function errorText(error: ConnectorError): string {
  const { issues = [], diagnostics = [] } = error.details;
  return [
    `${error.code}: ${error.message}`,
    ...issues.map(({ path, message }) => `- ${path || '(input)'} ${message}`),
    ...diagnostics.map(({ message, fix }) => `- ${message}${fix === undefined ? '' : ` (${fix})`}`),
    `Next: ${adviseModel(error)}`,
  ].join('\n');
}

function textContent(text: string) {
  return { type: 'text' as const, text };
}
