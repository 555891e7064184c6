/** The text for a value of a fixed list: `in-progress` -> "In progress", `createOnly` -> "Create only". */
export function optionLabel(value: string): string {
  const words = value.replaceAll(/([a-z])([A-Z])|[-_]/g, (_, before?: string, after?: string) =>
    before ? `${before} ${after}` : ' ',
  );
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
