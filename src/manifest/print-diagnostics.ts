import type { Diagnostic } from '../model/diagnostic.ts';

export type DiagnosticFormat = 'text' | 'json' | 'github';

/**
 * Prints diagnostics. `text`: one line that a problem matcher can read, then the source line with a caret, and the
 * fix; `json`: an array of the diagnostics; `github`: workflow commands that annotate the diff.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat = 'text',
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(diagnostics, null, 2)}\n`;
    case 'github':
      return diagnostics.map((diagnostic) => `${printGithub(diagnostic)}\n`).join('');
    case 'text':
      return diagnostics.map((diagnostic) => `${printText(diagnostic)}\n`).join('\n');
  }
}

function printText({ severity, code, message, location, sourceLine, fix }: Diagnostic): string {
  const { file, line, column, length } = location;
  const number = String(line).padStart(6);
  // Tabs are kept, so that the caret is below its character at any tab width.
  const indent = sourceLine.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    `${file}:${line}:${column}  ${severity}  ${code}  ${message}`,
    `${number} | ${sourceLine}`,
    `${' '.repeat(6)} | ${indent}${'^'.repeat(length)}`,
    ...(fix === undefined ? [] : [`${' '.repeat(6)} fix: ${fix}`]),
  ].join('\n');
}

function printGithub({ severity, code, message, location, fix }: Diagnostic): string {
  const { file, line, column, length } = location;
  const properties = { file, line, col: column, endColumn: column + length, title: code };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapeData(fix === undefined ? message : `${message} (${fix})`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
