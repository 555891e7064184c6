import { crmNamespace } from 'dynamics365-connector/odata';
import type { Attribute, ChoiceOption, GlobalChoice, Model, TableModel } from '../../model/types.ts';
import {
  createManagedProperty,
  createMetadataId,
  createTranslatedLabel,
  type MetadataDefinition,
} from './metadata-definition.ts';

/** The option set of a column; columns with a global choice share it. */
export function buildOptionSet(table: TableModel, attribute: Attribute): MetadataDefinition {
  const { globalChoice } = attribute;
  const name = globalChoice ?? `${table.logicalName}_${attribute.logicalName}`;
  const common = {
    MetadataId: createMetadataId('optionset', name),
    Name: name,
    IsGlobal: globalChoice !== undefined,
    IsCustomOptionSet: false,
    IsManaged: true,
    DisplayName: createTranslatedLabel(attribute, 'displayName', 'optionset', name),
  };
  if (attribute.type === 'Boolean') {
    const [no, yes] = [0, 1].map((value) => buildBooleanOption(attribute, value, name));
    return { ...common, OptionSetType: 'Boolean', TrueOption: yes, FalseOption: no };
  }
  const kinds: Readonly<Record<string, string>> = { State: 'State', Status: 'Status' };
  return {
    ...common,
    OptionSetType: kinds[attribute.type] ?? 'Picklist',
    Options: (attribute.options ?? []).map((option) => buildOption(attribute, option, name)),
  };
}

/** The global choices of all tables, each one once: `GlobalOptionSetDefinitions`. */
export function buildGlobalOptionSets({ tables, globalChoices }: Model): readonly MetadataDefinition[] {
  const found = new Map(
    [...globalChoices].map(([name, choice]) => [name, buildGlobalOptionSet(choice)] as const),
  );
  for (const table of tables.values()) {
    for (const attribute of table.attributes) {
      const { globalChoice: name } = attribute;
      if (name === undefined || found.has(name)) continue;
      found.set(name, { '@odata.type': optionSetType, ...buildOptionSet(table, attribute) });
    }
  }
  return [...found.values()];
}

/** A global choice that was added to the organization. */
function buildGlobalOptionSet(choice: GlobalChoice): MetadataDefinition {
  const { name, options } = choice;
  return {
    '@odata.type': optionSetType,
    MetadataId: createMetadataId('optionset', name),
    Name: name,
    IsGlobal: true,
    IsCustomOptionSet: true,
    IsManaged: false,
    DisplayName: createTranslatedLabel(choice, 'displayName', 'optionset', name),
    Description: createTranslatedLabel(choice, 'description', 'optionset-description', name),
    OptionSetType: 'Picklist',
    Options: options.map((option) => buildOption({ type: 'Picklist' }, option, name)),
  };
}

const optionSetType = `#${crmNamespace}OptionSetMetadata`;

function buildBooleanOption(attribute: Attribute, value: number, name: string): MetadataDefinition {
  const option = attribute.options?.find((each) => each.value === value);
  return buildOption(attribute, option ?? { value, label: value === 1 ? 'Yes' : 'No' }, name);
}

function buildOption(
  { type }: Pick<Attribute, 'type'>,
  option: ChoiceOption,
  name: string,
): MetadataDefinition {
  return {
    Value: option.value,
    Label: createTranslatedLabel(option, 'label', 'option', name, String(option.value)),
    Description: createTranslatedLabel(
      option,
      'description',
      'option-description',
      name,
      String(option.value),
    ),
    Color: option.color ?? null,
    IsManaged: true,
    ExternalValue: '',
    ...(type === 'State' ? { DefaultStatus: option.defaultStatus ?? null, InvariantName: option.label } : {}),
    ...(type === 'Status' ? { State: option.state ?? 0, TransitionData: option.transitionData ?? null } : {}),
    IsCustomizable: createManagedProperty(true, 'iscustomizable'),
  };
}
