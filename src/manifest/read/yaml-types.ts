import type { ErrorCode } from '../../errors/error-codes.ts';
import type {
  ChangeType,
  ContractTest,
  ExpectedRequest,
  GrantType,
  MockResponse,
  PollTest,
} from '../../model/definition.ts';
import type { Expand } from '../../model/expand.ts';
import type { ManifestHandlerName } from '../../model/handlers.ts';
import type { HttpMethod } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';

// The data of the files, in the shape that the grammars check: see src/manifest/grammar.

/** One property of an input or output, or a column of a table. */
export interface PropertyYaml {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: PropertyYaml;
  readonly properties?: Readonly<Record<string, PropertyYaml>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly readOnly?: boolean;
  readonly 'x-column'?: string;
  readonly 'x-filter'?: boolean;
  readonly 'x-search'?: boolean;
  readonly 'x-type'?: 'bigint' | 'image' | 'file';
  readonly 'x-choices'?: Readonly<Record<string, number>>;
  readonly 'x-status'?: { readonly table: string; readonly state: number };
  readonly 'x-join'?: string;
  readonly 'x-lookup'?: LookupYaml;
  readonly 'x-parties'?: PartiesYaml;
  readonly 'x-collection'?: CollectionYaml;
}

export interface LookupYaml {
  readonly column: string;
  readonly targets: Readonly<Record<string, string | LookupTargetYaml>>;
}

/** A table without a file: its names in Dataverse. */
export interface LookupTargetYaml {
  readonly navigation: string;
  readonly entitySet: string;
  /** The logical name, if the key is another one. */
  readonly name?: string;
  /** The key of a row in the parameters of an action, if it is not that of the table. */
  readonly key?: string;
}

export interface PartiesYaml {
  readonly collection: string;
  readonly role: number;
  readonly tables: readonly string[];
}

/** Rows of another table that belong to a row. */
export interface CollectionYaml {
  readonly navigation: string;
  readonly table: string;
  readonly manyToMany?: boolean;
}

export interface TableYaml {
  readonly 'x-table': {
    readonly name: string;
    readonly entitySet: string;
    readonly key: string;
    readonly primaryName: string;
    readonly plural: string;
  };
  readonly title: string;
  readonly description: string;
  readonly keywords?: readonly string[];
  readonly required: readonly string[];
  readonly operations?: readonly string[] | 'all';
  readonly keys?: readonly (readonly string[])[];
  readonly properties: Readonly<Record<string, PropertyYaml>>;
}

/** A table file: a whole table, or what an extension adds to a table of its base. */
export type TableFileYaml = Partial<TableYaml>;

export interface InputYaml {
  readonly columns?: 'writable' | 'keys';
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, PropertyYaml>>;
}

export interface RequestYaml {
  readonly get?: string;
  readonly list?: string;
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly find?: string;
  readonly upsert?: string;
  readonly count?: string;
  readonly match?: string;
  readonly mode?: string;
  readonly search?: string;
  readonly id?: string;
  readonly values?: string | JsonObject;
  readonly filters?: 'table';
  readonly where?: readonly string[];
  readonly expand?: Expand;
  readonly orderBy?: string;
  readonly method?: HttpMethod;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  readonly verifyWith?: { readonly path: string; readonly expect: JsonObject };
}

export interface OperationYaml {
  readonly title: string;
  readonly description: string;
  readonly keywords?: readonly string[];
  readonly explicit?: boolean;
  readonly replaces?: string;
  readonly input?: InputYaml;
  readonly deprecated?: { readonly use: string };
  readonly tests?: readonly TestYaml[];
}

export interface TestYaml {
  readonly name: string;
  /** In a template file: the table of the test. */
  readonly table?: string;
}

export interface ActionTestYaml extends TestYaml {
  readonly input: JsonObject;
  readonly sends?: ExpectedRequest;
  readonly receives?: MockResponse;
  readonly exchanges?: ContractTest['exchanges'];
  readonly returns?: Json;
  readonly fails?: { readonly code: ErrorCode; readonly message?: string };
}

/** One action of an action with steps. */
export interface StepYaml {
  readonly name?: string;
  readonly action: string;
  readonly input: JsonObject;
}

export interface ActionYaml extends OperationYaml {
  readonly request?: RequestYaml;
  readonly handler?: ManifestHandlerName;
  readonly steps?: readonly StepYaml[];
  readonly changeSet?: boolean;
  readonly returns?: string;
  readonly pagination?: { readonly limit: string };
  readonly output?: PropertyYaml;
  readonly destructive?: boolean;
  readonly sendsMessage?: boolean;
  readonly tests?: readonly ActionTestYaml[];
}

export interface TriggerTestYaml extends TestYaml {
  readonly input?: JsonObject;
  readonly polls: PollTest['polls'];
}

export interface TriggerYaml extends OperationYaml {
  readonly watch: {
    readonly table: string;
    readonly changes?: readonly Exclude<ChangeType, 'due'>[] | string;
    readonly where?: readonly string[];
    readonly columns?: readonly string[] | string;
    readonly changedTo?: JsonObject;
    readonly due?: string;
    readonly every: string;
  };
  readonly tests?: readonly TriggerTestYaml[];
}

export interface RetryYaml {
  readonly maxAttempts: number;
  readonly budget: string;
}

export interface ConnectorYaml {
  readonly manifestVersion: 1;
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly extends?: string | readonly string[];
  readonly connection: InputYaml;
  readonly auth: {
    readonly type: 'oauth2';
    readonly grants: Readonly<Partial<Record<GrantType, { readonly scopes: readonly string[] }>>>;
  };
  readonly api: { readonly baseUrl: string; readonly timeout: string };
  readonly retry: RetryYaml;
  readonly featured?: readonly string[];
  readonly errors?: readonly {
    readonly serverCode: string;
    readonly code: ErrorCode;
    readonly advice: string;
  }[];
}

/** The connector.yaml of a connector that extends another. */
export type ExtensionYaml = Omit<ConnectorYaml, 'connection' | 'auth' | 'api' | 'retry'> & {
  readonly retry?: Partial<RetryYaml>;
};
