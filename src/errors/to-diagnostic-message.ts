/** Names that begin a sentence: `Dataverse`, and those with a capital letter inside, such as `FetchXML`. */
const nameAtStart = /^(?:Dataverse\b|\w+[A-Z])/;

/** Converts a sentence to the style of diagnostics: without a capital letter at the start and a period at the end. */
export function toDiagnosticMessage(message: string): string {
  const start = nameAtStart.test(message) ? message.charAt(0) : message.charAt(0).toLowerCase();
  return start + message.slice(1).replace(/\.$/, '');
}
