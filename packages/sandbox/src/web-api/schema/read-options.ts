import { isJsonObject } from 'dynamics365-connector/host';
import type { ChoiceOption } from '../../model/types.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { readLabel } from './labels.ts';

/** The value of the first option that an organization's default publisher adds. */
const firstCustomValue = 100_000_000;

/** The value of an option that is added without one. */
export function nextOptionValue(options: readonly ChoiceOption[]): number {
  const custom = options.map(({ value }) => value).filter((value) => value >= firstCustomValue);
  return custom.length === 0 ? firstCustomValue : Math.max(...custom) + 1;
}

/** Reads `Options` of an option set. Options without a value get the next one. */
export function readOptions(optionSet: JsonBody): readonly ChoiceOption[] {
  const { Options: list = [] } = optionSet;
  if (!Array.isArray(list)) throw invalidArgument("The property 'Options' must be a list.");
  const options: ChoiceOption[] = [];
  for (const item of list) {
    if (!isJsonObject(item)) throw invalidArgument("An item of 'Options' must be an object.");
    options.push(readOption(item, options));
  }
  return options;
}

/** Reads an option that is added to others. */
export function readOption(item: JsonBody, others: readonly ChoiceOption[]): ChoiceOption {
  const label = readLabel(item.Label);
  if (label === undefined) throw invalidArgument('An option must have a label in the language 1033.');
  const value = item.Value ?? nextOptionValue(others);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw invalidArgument('The value of an option must be an integer.');
  }
  if (others.some((option) => option.value === value)) {
    const message = `The option value ${value} is not unique: an option with the same value already exists.`;
    throw new DataverseError(400, '0x80044310', message);
  }
  return { value, label, description: readLabel(item.Description), color: readText(item.Color) };
}

/** Reads `TrueOption` and `FalseOption` of a Yes/No column. */
export function readBooleanOptions(optionSet: JsonBody): readonly ChoiceOption[] {
  const { FalseOption: no, TrueOption: yes } = optionSet;
  const labels = [no, yes].map((option) => (isJsonObject(option) ? readLabel(option.Label) : undefined));
  return labels.map((label, value) => ({ value, label: label ?? (value === 1 ? 'Yes' : 'No') }));
}

const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
