import { ConnectorError } from 'dynamics365-connector';
import { printDiagnostics } from 'dynamics365-connector/authoring';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Prints an error to stderr, as text or JSON, and returns the exit code. */
export function printError(terminal: Terminal, error: unknown): number {
  if (!(error instanceof ConnectorError)) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    terminal.printNote(terminal.json ? JSON.stringify({ name, message }) : `${name}: ${message}`);
    return 1;
  }
  if (terminal.json) terminal.printNote(JSON.stringify(error));
  else for (const line of errorLines(error, terminal)) terminal.printNote(line);
  return exitCodes[error.category];
}

function errorLines(error: ConnectorError, { style }: Terminal): readonly string[] {
  const { issues = [], diagnostics, serverCode, serverMessage } = error.details;
  const lines = [
    `${style('red', 'error')} ${style('bold', error.code)}  ${error.message}`,
    ...issues.map(({ path, message }) => `  ${path || '(input)'}  ${message}`),
  ];
  if (diagnostics !== undefined) lines.push(printDiagnostics(diagnostics, 'text'));
  if (serverMessage !== undefined && !error.message.includes(serverMessage))
    lines.push(`  server   ${[serverCode, serverMessage].filter(Boolean).join(' ')}`);
  lines.push(`  ${style('cyan', 'next')}     ${error.advice}`);
  const { requestId, serviceRequestId } = error.details;
  if (requestId !== undefined)
    lines.push(`  request  ${requestId}${serviceRequestId ? ` (service: ${serviceRequestId})` : ''}`);
  return lines;
}
