import type { Diagnostic, RelatedPlace, SourceLocation } from '../../model/diagnostic.ts';

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

function printText({ severity, code, message, location, sourceLine, fix, related }: Diagnostic): string {
  const { file, line, column } = location;
  return [
    `${file}:${line}:${column}  ${severity}  ${code}  ${message}`,
    ...printSource(location, sourceLine),
    ...(related === undefined ? [] : printRelated(related, file)),
    ...(fix === undefined ? [] : [`${' '.repeat(6)} fix: ${fix}`]),
  ].join('\n');
}

/** The line, and a caret below each underlined character. */
function printSource({ line, column, length }: SourceLocation, sourceLine: string): readonly string[] {
  // Tabs are kept, so that the caret is below its character at any tab width.
  const { shown, start } = cutLine(sourceLine, column - 1);
  const indent = shown.slice(0, start).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - start)));
  return [`${String(line).padStart(6)} | ${shown}`, `${' '.repeat(6)} | ${indent}${carets}`];
}

/** Longer lines are cut around what is underlined. */
const maxShown = 200;

function cutLine(line: string, start: number): { readonly shown: string; readonly start: number } {
  if (line.length <= maxShown) return { shown: line, start };
  const from = Math.max(0, start - maxShown / 4);
  const before = from > 0 ? '…' : '';
  const after = from + maxShown < line.length ? '…' : '';
  return { shown: before + line.slice(from, from + maxShown) + after, start: start - from + before.length };
}

/** The second place, with its file if it is another one. */
function printRelated({ message, location, sourceLine }: RelatedPlace, file: string): readonly string[] {
  const where = location.file === file ? '' : ` (${location.file})`;
  return [`${' '.repeat(6)} ${message}${where}:`, ...printSource(location, sourceLine)];
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
