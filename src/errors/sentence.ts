/** Words as a diagnostic says them: diagnostics begin small and have no full stop; the scanners speak in sentences. */
export function sentence(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/\.$/, '');
}
