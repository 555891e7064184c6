import type { SourceNode } from '../read/source-node.ts';
import type { PropertyYaml } from '../read/yaml-types.ts';
import { type CompiledProperty, inputAnnotations, outputAnnotations } from './compiled-property.ts';

/** A choice that the organization added and that our schema does not have. */
const unknownChoice = {
  type: 'object',
  description: 'A choice that the organization added.',
  required: ['value'],
  properties: { value: { type: 'integer' }, label: { type: ['string', 'null'] } },
};

/** What an output has for such a choice is accepted as an input. */
const readChoice = {
  type: 'object',
  required: ['value'],
  properties: { value: { type: 'integer' }, label: { type: ['string', 'null'], maxLength: 4000 } },
};

/** Compiles a choice, or with `type: array` a list of choices: labels in our rows, numbers in Dataverse. */
export function compileChoices(yaml: PropertyYaml, node: SourceNode): CompiledProperty | undefined {
  const choices = yaml['x-choices'] ?? {};
  if (!checkNumbers(choices, node.at('x-choices'))) return undefined;
  const labels = { type: 'string', enum: Object.keys(choices) };
  const number = { type: 'integer', description: 'Its number in Dataverse.' };
  const accepted = { anyOf: [labels, number, readChoice] };
  const returned = [labels, unknownChoice];
  if (yaml.type === 'array') {
    return {
      type: { kind: 'choices', choices },
      input: { ...inputAnnotations(yaml), type: 'array', uniqueItems: true, items: accepted },
      output: { ...outputAnnotations(yaml), type: ['array', 'null'], items: { anyOf: returned } },
    };
  }
  return {
    type: { kind: 'choice', choices },
    input: { ...inputAnnotations(yaml), ...accepted },
    output: { ...outputAnnotations(yaml), anyOf: [...returned, { type: 'null' }] },
  };
}

function checkNumbers(choices: Readonly<Record<string, number>>, node: SourceNode): boolean {
  const labels = new Map<number, string>();
  for (const [label, number] of Object.entries(choices)) {
    const other = labels.get(number);
    if (other !== undefined) {
      node.at(label).error('S106', `the labels "${other}" and "${label}" have the same number`, {
        fix: 'give each label its own number',
        related: { node: node.at(other), message: 'the other label' },
      });
    }
    labels.set(number, label);
  }
  return labels.size === Object.keys(choices).length;
}
