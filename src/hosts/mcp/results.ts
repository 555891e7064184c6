import { ConnectorError } from '../../errors/connector-error.ts';
import type { CallToolResult } from './sdk.ts';

/** A tool's answer: structured, and the same as text for clients that read nothing else. */
export function answer(structured: Readonly<Record<string, unknown>>): CallToolResult {
  return { content: [text(JSON.stringify(structured))], structuredContent: { ...structured } };
}

/** An error as a tool's answer: what is wrong and what to do next in words, all of it under `error`. */
export function failure(thrown: unknown): CallToolResult {
  const error = thrown instanceof ConnectorError ? thrown : unexpected(thrown);
  const { issues = [], diagnostics = [] } = error.details;
  const lines = [
    `${error.code}: ${error.message}`,
    ...issues.map(({ path, message }) => `- ${path || '(input)'} ${message}`),
    ...diagnostics.map(({ message, fix }) => `- ${message}${fix === undefined ? '' : ` (${fix})`}`),
    `Next: ${error.advice}`,
  ];
  return {
    isError: true,
    content: [text(lines.join('\n'))],
    structuredContent: { error: error.toJSON() },
  };
}

/** Only a ConnectorError leaves the engine; anything else is a fault of ours, whose text stays here. */
function unexpected(thrown: unknown): ConnectorError {
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return new ConnectorError('RESPONSE_INVALID', `Something unexpected went wrong (${kind}).`);
}

function text(words: string) {
  return { type: 'text' as const, text: words };
}
