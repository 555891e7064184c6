/**
 * The part of @activepieces/pieces-framework that this package uses, as interfaces: its own types need the types of forty
 * further packages. The tests run the package itself.
 * https://www.activepieces.com/docs/build-pieces/building-pieces/overview
 */

/** What every property of a form has. */
export interface PropertyText {
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly required: boolean;
  readonly defaultValue?: unknown;
}

/** A property of a form, made by the functions of `Property` and `PieceAuth`. */
export interface PieceProperty extends PropertyText {
  readonly type: string;
}

export interface DropdownOption {
  readonly label: string;
  readonly value: unknown;
}

/** The options of a list, or why there are none. */
export interface DropdownState {
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly options: readonly DropdownOption[];
}

/** The values of a form by property; `auth` is the connection. */
export type FormValues = Readonly<Record<string, unknown>>;

interface SearchContext {
  /** What the user typed into the list. */
  readonly searchValue?: string;
}

/** A list whose options are loaded when it is opened. */
export interface DropdownRequest extends PropertyText {
  /** The properties after whose change the list is loaded again. */
  readonly refreshers: readonly string[];
  /** Whether the options are those that `searchValue` finds. */
  readonly refreshOnSearch?: boolean;
  readonly options: (values: FormValues, context: SearchContext) => Promise<DropdownState>;
}

/** Properties that are loaded when the form is opened. */
export interface DynamicRequest extends PropertyText {
  readonly refreshers: readonly string[];
  readonly props: (values: FormValues) => Promise<Readonly<Record<string, PieceProperty>>>;
}

export interface PropertyFactory {
  ShortText(request: PropertyText): PieceProperty;
  LongText(request: PropertyText): PieceProperty;
  Number(request: PropertyText): PieceProperty;
  Checkbox(request: PropertyText): PieceProperty;
  DateTime(request: PropertyText): PieceProperty;
  File(request: PropertyText): PieceProperty;
  Json(request: PropertyText): PieceProperty;
  Array(
    request: PropertyText & { readonly properties?: Readonly<Record<string, PieceProperty>> },
  ): PieceProperty;
  StaticDropdown(request: PropertyText & { readonly options: DropdownState }): PieceProperty;
  StaticMultiSelectDropdown(request: PropertyText & { readonly options: DropdownState }): PieceProperty;
  Dropdown(request: DropdownRequest): PieceProperty;
  MultiSelectDropdown(request: DropdownRequest): PieceProperty;
  DynamicProperties(request: DynamicRequest): PieceProperty;
}

/** What the test of a connection says. */
export type ConnectionTest = { readonly valid: true } | { readonly valid: false; readonly error: string };

interface AuthText {
  readonly displayName: string;
  readonly description: string;
  readonly required: true;
  readonly props: Readonly<Record<string, PieceProperty>>;
  /** Receives the values of the form, or for OAuth 2.0 the whole connection. */
  readonly validate: (request: { readonly auth: unknown }) => Promise<ConnectionTest>;
}

export interface AuthFactory {
  SecretText(request: Omit<PropertyText, 'defaultValue'>): PieceProperty;
  CustomAuth(request: AuthText): PieceProperty;
  OAuth2(
    request: AuthText & {
      readonly authUrl: string;
      readonly tokenUrl: string;
      readonly scope: readonly string[];
      readonly pkce: boolean;
      readonly prompt: 'login' | 'omit';
    },
  ): PieceProperty;
}

/** The kinds of connections that a piece takes. */
export type PieceAuthentication = readonly PieceProperty[];

/** Keys and values of a flow: keys of at most 128 characters, values of at most 512 KB. */
export interface FlowStore {
  get<T>(key: string): Promise<T | null>;
  put<T>(key: string, value: T): Promise<T>;
  delete(key: string): Promise<void>;
}

/** A file of the form. */
export interface PieceFile {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly extension?: string;
}

export interface ActionContext {
  readonly auth: unknown;
  readonly propsValue: FormValues;
  readonly files: {
    /** Stores a file and returns its address for later steps. */
    write(file: { readonly fileName: string; readonly data: Uint8Array }): Promise<string>;
  };
}

export interface TriggerContext {
  readonly auth: unknown;
  readonly propsValue: FormValues;
  readonly store: FlowStore;
  /** Whether the flow was on before and is published again; absent in earlier versions. */
  readonly isRepublish?: boolean;
}

interface OperationText {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly props: Readonly<Record<string, PieceProperty>>;
}

/** An action. The framework's `auth` is for the compiler alone, and would be in the metadata of every list. */
export interface PieceAction extends OperationText {
  readonly run: (context: ActionContext) => Promise<unknown>;
}

export interface PieceTrigger extends OperationText {
  readonly type: 'POLLING';
  readonly sampleData: unknown;
  readonly onEnable: (context: TriggerContext) => Promise<void>;
  readonly onDisable: (context: TriggerContext) => Promise<void>;
  readonly run: (context: TriggerContext) => Promise<readonly unknown[]>;
  readonly test: (context: TriggerContext) => Promise<readonly unknown[]>;
}

export interface PieceRequest {
  readonly displayName: string;
  readonly description: string;
  readonly logoUrl: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  readonly auth: PieceAuthentication;
  readonly minimumSupportedRelease: string;
  readonly actions: readonly PieceAction[];
  readonly triggers: readonly PieceTrigger[];
}

/** A piece as the platform loads it. */
export interface Piece {
  metadata(): {
    readonly actions: Readonly<Record<string, PieceAction>>;
    readonly triggers: Readonly<Record<string, PieceTrigger>>;
  };
  getAction(name: string): PieceAction | undefined;
  getTrigger(name: string): PieceTrigger | undefined;
  readonly auth?: PieceAuthentication;
}
