/** Words as a diagnostic says them: diagnostics begin small and have no full stop; the scanners speak in sentences. */
export function toDiagnosticMessage(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}
