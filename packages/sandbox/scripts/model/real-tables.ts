import type {
  AttributeRequiredLevel,
  AttributeTarget,
  AttributeType,
  ChoiceOption,
} from '../../src/model/types.ts';

// The shape of `tables-full.json`: definitions of standard tables that were merged from the serialized metadata of
// organizations. `sources` names the public repositories of each table.

/** A column of an organization. Columns of the source `devkit` have `readOnly` instead of the two flags. */
export interface RealColumn {
  readonly logicalName: string;
  readonly schemaName?: string;
  readonly displayName?: string;
  readonly type: AttributeType | 'Image' | 'PartyList' | 'Virtual' | 'ManagedProperty';
  readonly source?: 'devkit';
  readonly required?: AttributeRequiredLevel | 'Required';
  readonly validForCreate?: boolean;
  readonly validForUpdate?: boolean;
  readonly validForRead?: boolean;
  readonly validODataAttribute?: boolean;
  readonly readOnly?: boolean;
  readonly attributeOf?: string;
  readonly isCustom?: boolean;
  /** `Rollup Field` or `Calculated Field` */
  readonly sourceKind?: string;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly precision?: number;
  readonly format?: string;
  readonly dateTimeBehavior?: string;
  readonly targets?: readonly string[];
  readonly navigations?: readonly AttributeTarget[];
  readonly options?: readonly ChoiceOption[];
  readonly default?: number | boolean | string;
}

type CascadeType = 'Cascade' | 'RemoveLink' | 'Restrict' | 'NoCascade';

export interface RealRelationship {
  readonly name: string;
  readonly referenced: string;
  readonly collection: string;
  readonly referencing: string;
  readonly attribute: string;
  readonly navigation?: string;
  readonly cascade?: {
    readonly assign?: CascadeType;
    readonly delete?: CascadeType;
  };
}

export interface RealTable {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly set: string;
  readonly displayName: string;
  readonly displayCollectionName: string;
  readonly typeCode: number;
  readonly primaryId?: string;
  readonly primaryName?: string;
  readonly attributes: readonly RealColumn[];
  readonly oneToMany?: readonly RealRelationship[];
  readonly manyToOne?: readonly RealRelationship[];
  readonly sources: readonly string[];
}

export type RealTables = Readonly<Record<string, RealTable>>;

/** The repositories whose metadata may be shipped, with their license. Tables of any other source are left out. */
const licenses: Readonly<Record<string, 'MIT' | 'CC-BY-4.0'>> = {
  'phuocle/Dynamics-Crm-DevKit': 'MIT',
  'rnwood+Rnwood.Dataverse.Data.PowerShell': 'MIT',
  'delegateas+XrmMockup': 'MIT',
  'microsoft/CDM': 'CC-BY-4.0',
  'MicrosoftDocs/dynamics-365-customer-engagement': 'CC-BY-4.0',
};

/** The tables all of whose sources may be shipped. */
export function shippableTables(all: RealTables): RealTables {
  const isLicensed = (source: string) => Object.keys(licenses).some((name) => source.startsWith(name));
  return Object.fromEntries(Object.entries(all).filter(([, { sources }]) => sources.every(isLicensed)));
}
