import { ConnectorError } from 'dynamics365-connector';
import { printDiagnostics } from 'dynamics365-connector/authoring';
import { removeControls, toPrintableJson } from 'dynamics365-connector/host';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Prints an error to stderr, as text or JSON, and returns the exit code. */
export function printError(terminal: Terminal, error: unknown): number {
  if (!(error instanceof ConnectorError)) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    terminal.printNote(terminal.json ? toPrintableJson({ name, message }) : `${name}: ${message}`);
    return 1;
  }
  if (terminal.json) terminal.printNote(toPrintableJson(error));
  else for (const line of errorLines(toSafeError(error), terminal)) terminal.printNote(line);
  return exitCodes[error.category];
}

/** The parts that are printed, without control characters: a server decides about most of them. */
function toSafeError({ code, message, advice, details }: ConnectorError): PrintedError {
  const clean = (text: string | undefined) => text && removeControls(text, { keep: '\n' });
  const { issues, diagnostics, serverCode, serverMessage, requestId, serviceRequestId } = details;
  return {
    code,
    message: clean(message) ?? '',
    advice: clean(advice) ?? '',
    details: {
      issues: issues?.map((issue) => ({ ...issue, message: clean(issue.message) ?? '' })),
      diagnostics,
      serverCode: clean(serverCode),
      serverMessage: clean(serverMessage),
      requestId,
      serviceRequestId: clean(serviceRequestId),
    },
  };
}

type PrintedError = Pick<ConnectorError, 'code' | 'message' | 'advice' | 'details'>;

function errorLines(error: PrintedError, { style }: Terminal): readonly string[] {
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
