import type { Attribute, Model, Option, TableModel } from '../../model/types.ts';
import { type Definition, label, managed, metadataId } from './identity.ts';

/** The choices of a column; of several columns where they are global. */
export function optionSet(table: TableModel, attribute: Attribute): Definition {
  const { globalChoice } = attribute;
  const name = globalChoice ?? `${table.logicalName}_${attribute.logicalName}`;
  const common = {
    MetadataId: metadataId('optionset', name),
    Name: name,
    IsGlobal: globalChoice !== undefined,
    IsCustomOptionSet: false,
    IsManaged: true,
    DisplayName: label(attribute.displayName, 'optionset', name),
  };
  if (attribute.type === 'Boolean') {
    const [no, yes] = [0, 1].map((value) => booleanOption(attribute, value, name));
    return { ...common, OptionSetType: 'Boolean', TrueOption: yes, FalseOption: no };
  }
  const kinds: Readonly<Record<string, string>> = { State: 'State', Status: 'Status' };
  return {
    ...common,
    OptionSetType: kinds[attribute.type] ?? 'Picklist',
    Options: (attribute.options ?? []).map((option) => optionOf(attribute, option, name)),
  };
}

/** Choices that columns of several tables share, each once: `GlobalOptionSetDefinitions`. */
export function globalOptionSets({ tables }: Model): readonly Definition[] {
  const found = new Map<string, Definition>();
  for (const table of tables.values()) {
    for (const attribute of table.attributes) {
      const { globalChoice: name } = attribute;
      if (name === undefined || found.has(name)) continue;
      found.set(name, { '@odata.type': optionSetType, ...optionSet(table, attribute) });
    }
  }
  return [...found.values()];
}

const optionSetType = '#Microsoft.Dynamics.CRM.OptionSetMetadata';

function booleanOption(attribute: Attribute, value: number, name: string): Definition {
  const text = attribute.options?.find((option) => option.value === value)?.label;
  return optionOf(attribute, { value, label: text ?? (value === 1 ? 'Yes' : 'No') }, name);
}

function optionOf({ type }: Attribute, option: Option, name: string): Definition {
  return {
    Value: option.value,
    Label: label(option.label, 'option', name, String(option.value)),
    Description: label('', 'option-description', name, String(option.value)),
    Color: null,
    IsManaged: true,
    ExternalValue: '',
    ...(type === 'State' ? { DefaultStatus: option.defaultStatus ?? null, InvariantName: option.label } : {}),
    ...(type === 'Status' ? { State: option.state ?? 0, TransitionData: null } : {}),
    IsCustomizable: managed(true, 'iscustomizable'),
  };
}
