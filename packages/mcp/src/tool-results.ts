import { asConnectorError } from 'dynamics365-connector/host';
import type { CallToolResult } from './mcp-sdk.ts';

/** A tool's answer: structured, and the same as text for clients that read nothing else. */
export function toToolResult(structured: Readonly<Record<string, unknown>>): CallToolResult {
  return { content: [textContent(JSON.stringify(structured))], structuredContent: { ...structured } };
}

/** An error as a tool's answer: what is wrong and what to do next in words, all of it under `error`. */
export function toToolError(thrown: unknown): CallToolResult {
  const error = asConnectorError(thrown);
  const { issues = [], diagnostics = [] } = error.details;
  const lines = [
    `${error.code}: ${error.message}`,
    ...issues.map(({ path, message }) => `- ${path || '(input)'} ${message}`),
    ...diagnostics.map(({ message, fix }) => `- ${message}${fix === undefined ? '' : ` (${fix})`}`),
    `Next: ${error.advice}`,
  ];
  return {
    isError: true,
    content: [textContent(lines.join('\n'))],
    structuredContent: { error: error.toJSON() },
  };
}

function textContent(words: string) {
  return { type: 'text' as const, text: words };
}
