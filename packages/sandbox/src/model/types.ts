/** The kinds of column that Dataverse's metadata knows (`AttributeType`), as far as the sandbox keeps them. */
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
  /** A table's logical name: `activitytypecode`, `objecttypecode`. */
  | 'EntityName'
  /** Id of an uploaded file or picture; its bytes are kept apart. */
  | 'File';

export type AttributeRequiredLevel = 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired';

/** One choice. A status reason names its state; a state names the status reason it takes by default. */
export interface ChoiceOption {
  readonly value: number;
  readonly label: string;
  readonly state?: number;
  readonly defaultStatus?: number;
}

/** Where a lookup may point: `primarycontactid` -> contact through the navigation `primarycontactid`. */
export interface AttributeTarget {
  /** Logical name; `principal` stands for systemuser and team. */
  readonly table: string;
  /** Single-valued navigation property, case-sensitive: `customerid_account`. */
  readonly navigation: string;
}

/** One column. */
export interface Attribute {
  /** `prioritycode`; of a lookup without its underscores: `customerid`. */
  readonly logicalName: string;
  readonly schemaName: string;
  readonly displayName: string;
  readonly type: AttributeType;
  readonly required: AttributeRequiredLevel;
  readonly validForCreate: boolean;
  readonly validForUpdate: boolean;
  /** Characters, of String and Memo. */
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** Digits after the point, of Decimal; Money always keeps four. */
  readonly precision?: number;
  /** A day without a time (Edm.Date). */
  readonly dateOnly?: boolean;
  /** Of Picklist, MultiSelectPicklist, State, Status; of Boolean where its labels differ from No and Yes. */
  readonly options?: readonly ChoiceOption[];
  /** Name of the global choice that its options come from: `budgetstatus`. */
  readonly globalChoice?: string;
  /** What a new row gets when the writer says nothing. */
  readonly default?: number | boolean | string;
  /** Of Lookup, Customer and Owner; a target that is not among the tables cannot be followed. */
  readonly targets?: readonly AttributeTarget[];
}

/** Columns that together find one row. */
export interface AlternateKey {
  readonly logicalName: string;
  /** Logical names of the columns. */
  readonly columns: readonly string[];
}

export type Ownership = 'UserOwned' | 'BusinessOwned' | 'OrganizationOwned' | 'None';

/** One table. */
export interface TableModel {
  /** `incident` */
  readonly logicalName: string;
  /** `Incident` */
  readonly schemaName: string;
  /** `incidents`; absent for tables that are only a base of others (principal). */
  readonly set?: string;
  readonly displayName: string;
  readonly displayCollectionName: string;
  /** Object type code: 112. */
  readonly typeCode: number;
  /** CSDL base type. */
  readonly base: 'crmbaseentity' | 'activitypointer' | 'principal';
  /** Primary key column: `incidentid`, `systemuserid`. The CSDL key of a principal is `ownerid`, which equals it. */
  readonly primaryId: string;
  /** Column that names a row for people; absent for a few (activityparty). */
  readonly primaryName?: string;
  readonly ownership: Ownership;
  readonly changeTracking: boolean;
  readonly attributes: readonly Attribute[];
  readonly keys: readonly AlternateKey[];
  /** A view over other tables, read only: activitypointer (all activities) and principal (users and teams). */
  readonly view?: boolean;
}

/** A lookup seen from both ends: one account (referenced) has many contacts (referencing). */
export interface OneToManyRelationship {
  /** Schema name of the relationship. */
  readonly name: string;
  readonly referenced: string;
  /** Collection-valued navigation property on the referenced table: `contact_customer_accounts`. */
  readonly collection: string;
  readonly referencing: string;
  /** Logical name of the lookup column: `parentcustomerid`. */
  readonly attribute: string;
  /** What becomes of the children when the parent goes; their lookup is cleared unless told. */
  readonly onDelete?: 'cascade';
}

/** Two tables joined through a third that holds only pairs of ids. */
export interface ManyToManyRelationship {
  readonly name: string;
  /** Logical name of the intersect table: `teammembership`. */
  readonly intersect: string;
  readonly ends: readonly [ManyToManyEnd, ManyToManyEnd];
}
export interface ManyToManyEnd {
  readonly table: string;
  /** Column of the intersect table that holds this end's id. */
  readonly column: string;
  /** Collection-valued navigation property on this end's table. */
  readonly navigation: string;
}

/** What `tables.json` holds. */
export interface ModelData {
  readonly tables: readonly TableModel[];
  readonly oneToMany: readonly OneToManyRelationship[];
  readonly manyToMany: readonly ManyToManyRelationship[];
}

/** What a navigation property of a table is. */
export type Navigation =
  | { readonly kind: 'lookup'; readonly name: string; readonly attribute: Attribute; readonly target: string }
  | {
      readonly kind: 'children';
      readonly name: string;
      readonly relationship: OneToManyRelationship;
      readonly target: string;
    }
  | {
      readonly kind: 'members';
      readonly name: string;
      readonly relationship: ManyToManyRelationship;
      readonly near: ManyToManyEnd;
      readonly far: ManyToManyEnd;
      readonly target: string;
    };

/** The tables of one organization, looked up by name; it grows when a maker adds tables, columns or keys. */
export interface Model {
  readonly tables: ReadonlyMap<string, TableModel>;
  readonly oneToMany: readonly OneToManyRelationship[];
  readonly manyToMany: readonly ManyToManyRelationship[];
  /** By logical name. */
  table(logicalName: string): TableModel | undefined;
  /** By entity set name: `incidents`. */
  tableBySet(set: string): TableModel | undefined;
  /** By logical name of the column. */
  attribute(table: TableModel, logicalName: string): Attribute | undefined;
  /** By name on the wire: `title`, `_customerid_value`, and `ownerid` as key of a principal. */
  property(table: TableModel, propertyName: string): Attribute | undefined;
  /** By navigation property, case-sensitive: `customerid_account`, `Incident_Tasks`. */
  navigation(table: TableModel, name: string): Navigation | undefined;
  /** All navigation properties of a table. */
  navigations(table: TableModel): readonly Navigation[];
}
