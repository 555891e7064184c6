import { isJsonObject } from 'dynamics365-connector/base';
import type { ChoiceOption } from '../../model/types.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { readLabel, readText, readTranslations } from './labels.ts';

/** The value of the first option that a publisher adds is its prefix with four zeros. */
const valuesOfPublisher = 10_000;
/** The prefix of the default publisher. */
export const defaultOptionPrefix = 10_000;

/** The value of an option that is added without one: it begins with the prefix of its publisher. */
function nextOptionValue(options: readonly ChoiceOption[], prefix: number): number {
  const first = prefix * valuesOfPublisher;
  const isOfPublisher = (value: number) => value >= first && value < first + valuesOfPublisher;
  return Math.max(first - 1, ...options.map(({ value }) => value).filter(isOfPublisher)) + 1;
}

/** Reads `Options` of an option set. Options without a value get the next one. */
export function readOptions(
  optionSet: JsonBody,
  prefix: number = defaultOptionPrefix,
): readonly ChoiceOption[] {
  const { Options: list = [] } = optionSet;
  if (!Array.isArray(list)) throw invalidArgument("The property 'Options' must be a list.");
  const options: ChoiceOption[] = [];
  for (const item of list) {
    if (!isJsonObject(item)) throw invalidArgument("An item of 'Options' must be an object.");
    options.push(readOption(item, options, prefix));
  }
  return options;
}

/** Reads an option that is added to others. */
export function readOption(
  item: JsonBody,
  others: readonly ChoiceOption[],
  prefix: number = defaultOptionPrefix,
): ChoiceOption {
  const label = readLabel(item.Label);
  if (label === undefined) throw invalidArgument('An option must have a label in the language 1033.');
  const value = item.Value ?? nextOptionValue(others, prefix);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw invalidArgument('The value of an option must be an integer.');
  }
  if (others.some((option) => option.value === value)) {
    const message = `The option value ${value} is not unique: an option with the same value already exists.`;
    throw new DataverseError(400, '0x80044310', message);
  }
  const description = readLabel(item.Description);
  return {
    value,
    label,
    description,
    translations: readTranslations({ label: item.Label, description: item.Description }, { merge: false }),
    color: readText(item.Color),
    transitionData: readText(item.TransitionData),
  };
}

/** Reads `TrueOption` and `FalseOption` of a Yes/No column. */
export function readBooleanOptions(optionSet: JsonBody): readonly ChoiceOption[] {
  const { FalseOption: no, TrueOption: yes } = optionSet;
  return [no, yes].map((option, value) => {
    const label = isJsonObject(option) ? option.Label : undefined;
    const text = readLabel(label) ?? (value === 1 ? 'Yes' : 'No');
    return { value, label: text, translations: readTranslations({ label }, { merge: false }) };
  });
}
