/** A choice as a row holds it: a name that the connector knows, or the value and label of another one. */
export type Choice = string | { readonly value: number; readonly label?: string | null } | null | undefined;

/** The text of a choice: its name or label, otherwise its value; empty when there is none. */
export function formatChoice(choice: Choice): string {
  if (choice === null || choice === undefined || typeof choice === 'string') return choice ?? '';
  return choice.label ?? String(choice.value);
}
