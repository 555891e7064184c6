import { type CompiledProperty, inputAnnotations, outputAnnotations } from './compiled-property.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml } from './yaml-types.ts';

/** A choice that the organization added and that our schema does not have. */
const unknownChoice = {
  type: 'object',
  description: 'A choice that the organization added.',
  required: ['value'],
  properties: { value: { type: 'integer' }, label: { type: ['string', 'null'] } },
};

/** Compiles a choice, or with `type: array` a list of choices: labels in our rows, numbers in Dataverse. */
export function compileChoices(yaml: PropertyYaml, node: SourceNode): CompiledProperty | undefined {
  const choices = yaml['x-choices'] ?? {};
  if (new Set(Object.values(choices)).size < Object.keys(choices).length) {
    node.at('x-choices').error('S106', 'two labels have the same number', { key: true });
    return undefined;
  }
  const labels = { type: 'string', enum: Object.keys(choices) };
  const accepted = { anyOf: [labels, { type: 'integer', description: 'Its number in Dataverse.' }] };
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
