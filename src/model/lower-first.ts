/** The text for the middle of a sentence. @example lowerFirst('Case') // 'case'; lowerFirst('SLA') // 'SLA' */
export function lowerFirst(text: string): string {
  return /^.[A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
