import { asConnectorError } from 'dynamics365-connector/host';
import type { CallToolResult } from './mcp-sdk.ts';

/** A tool's result: structured, and the same JSON as text for clients that read only text. */
export function toToolResult(structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [textContent(JSON.stringify(structuredContent))], structuredContent };
}

/** An error as a tool's result: its message, issues and advice as text, the whole error under `error`. */
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

function textContent(text: string) {
  return { type: 'text' as const, text };
}
