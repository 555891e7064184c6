// The JSON of Dataverse's metadata: the members that are read here. Older organizations may not have all of them.

/** A localized text. */
export interface WireLabel {
  readonly UserLocalizedLabel?: { readonly Label?: string } | null;
}

/** One choice. */
export interface WireOption {
  readonly Value: number;
  readonly Label?: WireLabel;
  readonly State?: number;
}

/** The choices of a column. */
export interface WireOptionSet {
  readonly Options?: readonly WireOption[];
  readonly TrueOption?: WireOption;
  readonly FalseOption?: WireOption;
}

/** A column, with the members of its type. */
export interface WireAttribute {
  readonly LogicalName: string;
  readonly AttributeType?: string | null;
  readonly AttributeTypeName?: { readonly Value?: string } | null;
  readonly AttributeOf?: string | null;
  readonly DisplayName?: WireLabel;
  readonly RequiredLevel?: { readonly Value?: string };
  readonly IsValidForCreate?: boolean;
  readonly IsValidForUpdate?: boolean;
  readonly IsValidODataAttribute?: boolean;
  readonly OptionSet?: WireOptionSet | null;
  readonly GlobalOptionSet?: WireOptionSet | null;
  readonly MaxLength?: number | null;
  readonly MinValue?: number | null;
  readonly MaxValue?: number | null;
  readonly Precision?: number | null;
  readonly DefaultFormValue?: number | null;
  readonly DefaultValue?: boolean | null;
  readonly DateTimeBehavior?: { readonly Value?: string } | null;
}

/** The names of a table. */
export interface WireTableNames {
  readonly LogicalName: string;
  readonly EntitySetName?: string | null;
  readonly DisplayName?: WireLabel;
  readonly DisplayCollectionName?: WireLabel;
}

/** A table. */
export interface WireTable extends WireTableNames {
  readonly IsActivity?: boolean;
  readonly PrimaryIdAttribute: string;
  readonly PrimaryNameAttribute?: string | null;
  readonly Attributes: readonly WireAttribute[];
  readonly Keys?: readonly { readonly KeyAttributes: readonly string[] }[];
  readonly ManyToOneRelationships?: readonly {
    readonly ReferencingAttribute: string;
    readonly ReferencedEntity: string;
    readonly ReferencingEntityNavigationPropertyName: string;
  }[];
  readonly OneToManyRelationships?: readonly {
    readonly ReferencingEntity: string;
    readonly ReferencedEntityNavigationPropertyName?: string | null;
  }[];
  readonly ManyToManyRelationships?: readonly {
    readonly Entity1LogicalName: string;
    readonly Entity1NavigationPropertyName?: string | null;
    readonly Entity2LogicalName: string;
    readonly Entity2NavigationPropertyName?: string | null;
  }[];
}
