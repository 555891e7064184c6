/** The column types (`AttributeType` of Dataverse's metadata) that the sandbox supports. */
export type AttributeType =
  | 'Uniqueidentifier'
  | 'String'
  | 'Memo'
  | 'Integer'
  | 'BigInt'
  | 'Decimal'
  | 'Double'
  | 'Money'
  | 'Boolean'
  | 'DateTime'
  | 'Picklist'
  | 'MultiSelectPicklist'
  | 'State'
  | 'Status'
  | 'Lookup'
  | 'Customer'
  | 'Owner'
  /** The logical name of a table: `activitytypecode`, `objecttypecode`. */
  | 'EntityName'
  /** Id of an uploaded file or image; the bytes are stored separately. */
  | 'File'
  /** Whether a component can be changed: `iscustomizable`. Stored as its `Value`. */
  | 'ManagedProperty'
  /** The parties of an activity with one role: `to`. Only `metadataColumns` have this type. */
  | 'PartyList';

export type AttributeRequiredLevel = 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired';

/** Texts in other languages than the base language, by LCID: `{ 1036: 'Compte' }`. */
export type LocalizedTexts = Readonly<Record<string, string>>;

/** The texts of a definition in other languages. */
export interface Translations {
  readonly label?: LocalizedTexts;
  readonly displayName?: LocalizedTexts;
  readonly displayCollectionName?: LocalizedTexts;
  readonly description?: LocalizedTexts;
}

/** One choice. A status reason names its state; a state names its default status reason. */
export interface ChoiceOption {
  readonly value: number;
  readonly label: string;
  readonly description?: string;
  readonly translations?: Translations | undefined;
  /** Color in the apps, for example `#0000ff`. */
  readonly color?: string;
  readonly state?: number;
  readonly defaultStatus?: number;
  /** The status reasons that can follow, as XML: `<allowedtransitions …><allowedtransition tostatusid="5" …/>…`. */
  readonly transitionData?: string;
}

/** A target of a lookup: `primarycontactid` -> contact through the navigation property `primarycontactid`. */
export interface AttributeTarget {
  /** Logical name of the table; `principal` stands for systemuser and team. */
  readonly table: string;
  /** Single-valued navigation property, case-sensitive: `customerid_account`. */
  readonly navigation: string;
}

/** A column. */
export interface Attribute {
  /** For example `prioritycode`; of a lookup without underscores: `customerid`. */
  readonly logicalName: string;
  readonly schemaName: string;
  readonly displayName: string;
  readonly translations?: Translations | undefined;
  readonly type: AttributeType;
  readonly required: AttributeRequiredLevel;
  readonly validForCreate: boolean;
  readonly validForUpdate: boolean;
  /** `false`: the column can be written but not read, like a secret. */
  readonly validForRead?: false;
  /** Maximum number of characters of String and Memo. */
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** Decimal places of Decimal; Money always has four. */
  readonly precision?: number;
  /** A date without a time (`Edm.Date`). */
  readonly dateOnly?: boolean;
  /** How the value is meant or shown, where it is not the usual format of its type: `Email`, `Duration`, `DateOnly`. */
  readonly format?: string;
  /** The behavior of a DateTime that is neither `UserLocal` nor, with `dateOnly`, `DateOnly`. */
  readonly dateTimeBehavior?: 'TimeZoneIndependent';
  readonly description?: string;
  /** A pattern for the values of new rows, for example `CAR-{SEQNUM:4}-{RANDSTRING:3}`. */
  readonly autoNumberFormat?: string;
  /** A column of type File that holds an image. */
  readonly image?: boolean;
  /** Maximum size of a file or an image. */
  readonly maxSizeInKB?: number;
  /** Rows of an activity have the column from the type of all activities; the definition of the table lacks it. */
  readonly inherited?: boolean;
  /** How the value is computed; absent for columns that store what is written. */
  readonly source?: 'calculated' | 'rollup';
  /** The column was added to the organization: it is not one of the standard columns. */
  readonly custom?: boolean;
  /** Only users with a column security profile read and write the values (`IsSecured`). */
  readonly secured?: boolean;
  /** Whether changes of its values are audited. Default: those of columns that can be written. */
  readonly audited?: boolean;
  /** The choices of Picklist, MultiSelectPicklist, State and Status; of Boolean if the labels are not No and Yes. */
  readonly options?: readonly ChoiceOption[];
  /** Name of the global choice of its options, for example `budgetstatus`. */
  readonly globalChoice?: string;
  /** The value in a new row when the request has none. */
  readonly default?: number | boolean | string;
  /** The targets of Lookup, Customer and Owner. Targets whose table is not in the model cannot be followed. */
  readonly targets?: readonly AttributeTarget[];
}

/** Columns that together identify a row. */
export interface AlternateKey {
  readonly logicalName: string;
  /** Default: the logical name. */
  readonly schemaName?: string;
  readonly displayName?: string;
  /** Logical names of the columns. */
  readonly columns: readonly string[];
  /** Rows had the same values when the key was created, so it identifies none. */
  readonly failed?: boolean;
}

export type Ownership = 'UserOwned' | 'BusinessOwned' | 'OrganizationOwned' | 'None';

/** A table. */
export interface TableModel {
  /** `incident` */
  readonly logicalName: string;
  /** `Incident` */
  readonly schemaName: string;
  /** Entity set name, for example `incidents`; absent for tables that are only a base of others (principal). */
  readonly set?: string;
  readonly displayName: string;
  readonly displayCollectionName: string;
  readonly translations?: Translations | undefined;
  /** Object type code, for example 112. */
  readonly typeCode: number;
  /** CSDL base type. */
  readonly base: 'crmbaseentity' | 'activitypointer' | 'principal';
  /** Primary key column: `incidentid`, `systemuserid`. The CSDL key of a principal is `ownerid`, with the same value. */
  readonly primaryId: string;
  /** Primary name column; absent for a few tables (activityparty). */
  readonly primaryName?: string;
  readonly ownership: Ownership;
  readonly changeTracking: boolean;
  readonly attributes: readonly Attribute[];
  /** Columns that only definitions show: lists of parties (`to`), and columns that cannot be read. Rows lack them. */
  readonly metadataColumns?: readonly Attribute[];
  readonly keys: readonly AlternateKey[];
  /** A read-only view over other tables: activitypointer (all activities) and principal (users and teams). */
  readonly view?: boolean;
  /** The rows are the pairs of a many-to-many relationship. They are written by associating rows. */
  readonly intersect?: boolean;
  /** Rows have neither a version nor an ETag on the wire, as those of system jobs. */
  readonly withoutVersion?: boolean | undefined;
  readonly description?: string;
  /** The table was added to the organization: it is not one of the standard tables. */
  readonly custom?: boolean;
  /** Whether changes of its rows are audited, if the organization audits. */
  readonly audited?: boolean;
  readonly hasNotes?: boolean;
  readonly hasActivities?: boolean;
  /** Whether the transitions of the status reasons restrict changes of state. */
  readonly enforceStateTransitions?: boolean;
}

/** A choice (global option set) that columns of several tables share. */
export interface GlobalChoice {
  /** For example `new_color`. */
  readonly name: string;
  readonly displayName: string;
  readonly translations?: Translations | undefined;
  readonly description?: string;
  readonly options: readonly ChoiceOption[];
}

/** The cascade of a deletion; without one, lookups are cleared (`RemoveLink`). */
export type DeleteBehavior = 'cascade' | 'restrict' | 'noCascade';

/** A one-to-many relationship: one account (referenced) has many contacts (referencing). */
export interface OneToManyRelationship {
  /** Schema name of the relationship. */
  readonly name: string;
  readonly referenced: string;
  /** Collection-valued navigation property on the referenced table: `contact_customer_accounts`. */
  readonly collection: string;
  readonly referencing: string;
  /** Logical name of the lookup column: `parentcustomerid`. */
  readonly attribute: string;
  /**
   * What happens when the referenced row is deleted: the referencing rows are deleted too (`cascade`), or the deletion
   * is refused while they exist (`restrict`). Otherwise their lookup is cleared.
   */
  readonly onDelete?: DeleteBehavior;
  /** Whether the referencing rows also follow the referenced row when it is assigned or shared. */
  readonly parental?: boolean;
}

/** A many-to-many relationship through an intersect table. */
export interface ManyToManyRelationship {
  readonly name: string;
  /** Logical name of the intersect table: `teammembership`. */
  readonly intersect: string;
  readonly ends: readonly [ManyToManyEnd, ManyToManyEnd];
  /** The relationship was added to the organization. */
  readonly custom?: boolean;
}
export interface ManyToManyEnd {
  readonly table: string;
  /** Column of the intersect table with this end's id. */
  readonly column: string;
  /** Collection-valued navigation property on this end's table. */
  readonly navigation: string;
}

/** The content of `tables.json`. */
export interface ModelData {
  readonly tables: readonly TableModel[];
  readonly oneToMany: readonly OneToManyRelationship[];
  readonly manyToMany: readonly ManyToManyRelationship[];
}

/** A navigation property of a table. */
export type Navigation =
  | { readonly kind: 'lookup'; readonly name: string; readonly attribute: Attribute; readonly target: string }
  | {
      readonly kind: 'oneToMany';
      readonly name: string;
      readonly relationship: OneToManyRelationship;
      readonly target: string;
    }
  | {
      readonly kind: 'manyToMany';
      readonly name: string;
      readonly relationship: ManyToManyRelationship;
      readonly near: ManyToManyEnd;
      readonly far: ManyToManyEnd;
      readonly target: string;
    };

/** The tables of one organization. It changes when tables, columns, keys, relationships or choices are added, changed or removed. */
export interface Model {
  readonly tables: ReadonlyMap<string, TableModel>;
  readonly oneToMany: readonly OneToManyRelationship[];
  readonly manyToMany: readonly ManyToManyRelationship[];
  /** The global choices that were added, by name. Those of the standard columns are in the columns only. */
  readonly globalChoices: ReadonlyMap<string, GlobalChoice>;
  /** Number of changes since the model was created. */
  readonly revision: number;
  /** Finds a table by logical name. */
  table(logicalName: string): TableModel | undefined;
  /** Finds a table by entity set name: `incidents`. */
  tableBySet(set: string): TableModel | undefined;
  /** Finds a column by logical name. */
  attribute(table: TableModel, logicalName: string): Attribute | undefined;
  /** Finds a column by OData property name: `title`, `_customerid_value`, and `ownerid` as key of a principal. */
  property(table: TableModel, propertyName: string): Attribute | undefined;
  /** Finds a navigation property by name, case-sensitive: `customerid_account`, `Incident_Tasks`. */
  navigation(table: TableModel, name: string): Navigation | undefined;
  /** All navigation properties of a table. */
  navigations(table: TableModel): readonly Navigation[];
  /** The lookups that can reference rows of a table or of its base. */
  lookupsTo(table: TableModel): readonly LookupColumn[];
  /** The relationships of the lookups of a table. */
  relationshipsFrom(referencing: string): readonly OneToManyRelationship[];
  /** The columns of a table in the order of responses, which `sort` computes once after each change of the model. */
  columnOrder(table: TableModel, sort: () => readonly Attribute[]): readonly Attribute[];
}

/** A lookup column and its table. */
export interface LookupColumn {
  readonly table: TableModel;
  readonly attribute: Attribute;
}
