import { asAccepted, asAnswered, type Property } from './property.ts';
import type { PropertyYaml } from './shapes.ts';
import type { Site } from './site.ts';

/** A value that the organisation added, and that our schema does not know. */
const unknownChoice = {
  type: 'object',
  description: 'A value that the organisation added.',
  required: ['value'],
  properties: { value: { type: 'integer' }, label: { type: ['string', 'null'] } },
};

/** A choice, or with `type: array` several at once: labels for us, numbers for Dataverse. */
export function compileChoices(yaml: PropertyYaml, site: Site): Property | undefined {
  const choices = yaml['x-choices'] ?? {};
  if (new Set(Object.values(choices)).size < Object.keys(choices).length) {
    site.at('x-choices').error('S106', 'two labels have the same number', { key: true });
    return undefined;
  }
  const labels = { type: 'string', enum: Object.keys(choices) };
  const given = { anyOf: [labels, { type: 'integer', description: 'Its number in Dataverse.' }] };
  const answered = [labels, unknownChoice];
  if (yaml.type === 'array') {
    return {
      type: { kind: 'choices', choices },
      input: { ...asAccepted(yaml), type: 'array', uniqueItems: true, items: given },
      output: { ...asAnswered(yaml), type: ['array', 'null'], items: { anyOf: answered } },
    };
  }
  return {
    type: { kind: 'choice', choices },
    input: { ...asAccepted(yaml), ...given },
    output: { ...asAnswered(yaml), anyOf: [...answered, { type: 'null' }] },
  };
}
