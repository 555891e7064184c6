/**
 * A line of comma-separated values (RFC 4180), without its line break. A text that a spreadsheet would run as a formula
 * gets an apostrophe before it, because anyone can write a row; numbers and phone numbers stay as they are.
 * https://owasp.org/www-community/attacks/CSV_Injection
 *
 * @example formatCsvLine(['Kettle, blue', '=1+1', '+49 30 1']) // '"Kettle, blue",\'=1+1,+49 30 1'
 */
export function formatCsvLine(cells: readonly string[]): string {
  return cells.map((cell) => quoteCell(isFormula(cell) ? `'${cell}` : cell)).join(',');
}

function isFormula(text: string): boolean {
  return /^[=@\t\r]/.test(text) || (/^[+-]/.test(text) && !/^[+-][\d\s().,/-]*$/.test(text));
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
