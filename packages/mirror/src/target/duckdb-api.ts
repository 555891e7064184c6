/** What is used of the package @duckdb/node-api, which is optional and not installed with this one. */
export interface DuckdbApi {
  readonly DuckDBInstance: {
    create(file: string, settings: Readonly<Record<string, string>>): Promise<DuckdbInstance>;
  };
}

export interface DuckdbInstance {
  connect(): Promise<DuckdbConnection>;
  closeSync(): void;
}

export interface DuckdbConnection {
  runAndReadAll(sql: string, values: readonly unknown[]): Promise<{ getRowObjectsJson(): readonly object[] }>;
  closeSync(): void;
}

const packageName = '@duckdb/node-api';

/** Loads the package. The name is a variable, so that TypeScript does not look for its types. */
export const loadDuckdb = async (): Promise<DuckdbApi> => (await import(packageName)) as DuckdbApi;
