import { ConnectorError } from 'dynamics365-connector';
import { printDiagnostics } from 'dynamics365-connector/authoring';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Prints an error the way its reader needs it, and answers the exit code. */
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

function errorLines(error: ConnectorError, terminal: Terminal): readonly string[] {
  const { issues, diagnostics, requestId, serviceRequestId, serverCode, serverMessage } = error.details;
  return [
    `${terminal.style('red', 'error')} ${terminal.style('bold', error.code)}  ${error.message}`,
    ...(issues ?? []).map((issue) => `  ${issue.path || '(input)'}  ${issue.message}`),
    ...(diagnostics === undefined ? [] : [printDiagnostics(diagnostics, 'text')]),
    ...(serverMessage === undefined || error.message.includes(serverMessage)
      ? []
      : [`  server   ${[serverCode, serverMessage].filter(Boolean).join(' ')}`]),
    `  ${terminal.style('cyan', 'next')}     ${error.advice}`,
    ...(requestId === undefined
      ? []
      : [
          `  request  ${requestId}${serviceRequestId === undefined ? '' : ` (service: ${serviceRequestId})`}`,
        ]),
  ];
}
