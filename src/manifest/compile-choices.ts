import { type CompiledProperty, inputAnnotations, outputAnnotations } from './compiled-property.ts';
import type { SourceNode } from './source-node.ts';
import type { PropertyYaml } from './yaml-types.ts';

/** A value that the organization added, and that our schema does not know. */
const unknownChoice = {
  type: 'object',
  description: 'A value that the organization added.',
  required: ['value'],
  properties: { value: { type: 'integer' }, label: { type: ['string', 'null'] } },
};

/** A choice, or with `type: array` several at once: labels for us, numbers for Dataverse. */
export function compileChoices(yaml: PropertyYaml, node: SourceNode): CompiledProperty | undefined {
  const choices = yaml['x-choices'] ?? {};
  if (new Set(Object.values(choices)).size < Object.keys(choices).length) {
    node.at('x-choices').error('S106', 'two labels have the same number', { key: true });
    return undefined;
  }
  const labels = { type: 'string', enum: Object.keys(choices) };
  const given = { anyOf: [labels, { type: 'integer', description: 'Its number in Dataverse.' }] };
  const answered = [labels, unknownChoice];
  if (yaml.type === 'array') {
    return {
      type: { kind: 'choices', choices },
      input: { ...inputAnnotations(yaml), type: 'array', uniqueItems: true, items: given },
      output: { ...outputAnnotations(yaml), type: ['array', 'null'], items: { anyOf: answered } },
    };
  }
  return {
    type: { kind: 'choice', choices },
    input: { ...inputAnnotations(yaml), ...given },
    output: { ...outputAnnotations(yaml), anyOf: [...answered, { type: 'null' }] },
  };
}
