import type { MetadataChoice } from '../model/metadata.ts';
import type { ChoiceNumbers } from '../model/table.ts';

/** The numbers of labels. Two choices can have one label, for example two status reasons "Canceled" of different states. */
export function toChoiceNumbers(choices: readonly MetadataChoice[]): ChoiceNumbers {
  const numbers = new Map<string, number[]>();
  for (const { label, value } of choices) numbers.set(label, [...(numbers.get(label) ?? []), value]);
  return Object.fromEntries(
    [...numbers].map(([label, values]) => [label, values.length === 1 ? Number(values[0]) : values]),
  );
}
