/** Converts a sentence to the style of diagnostics: without a capital letter at the start and a period at the end. */
export function toDiagnosticMessage(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}
