/**
 * The label of a choice in a manifest: lower case, with hyphens, without the marks of letters. A label without such
 * letters, or one that another choice has, is followed by the number.
 *
 * @example toChoiceLabel('In Progress', 1, () => false) // 'in-progress'
 */
export function toChoiceLabel(label: string, value: number, isTaken: (label: string) => boolean): string {
  const folded = label.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const text = (folded.match(/[a-z0-9]+/g) ?? []).join('-');
  const isComplete = text !== '' && !/[^\p{ASCII}]/u.test(folded.replace(/[\p{P}\p{S}\p{Z}]/gu, ''));
  if (isComplete && !isTaken(text)) return text;
  return `${text || 'choice'}-${value < 0 ? `minus-${-value}` : value}`;
}

/** Whether a label of a manifest is one that `toChoiceLabel` gives. */
export function isChoiceLabelOf(
  label: string,
  choice: { readonly label: string; readonly value: number },
): boolean {
  return [false, true].some((isTaken) => toChoiceLabel(choice.label, choice.value, () => isTaken) === label);
}
