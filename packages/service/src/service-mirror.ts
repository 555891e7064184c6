/** A mirror that the service runs, such as `createMirrorRunner` of dynamics365-connector-mirror. */
export interface ServiceMirror {
  /** Keeps the tables equal until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** What it does, and the rows and the age of each table. */
  state(): Promise<object>;
  /** Compares the copy with the organization. */
  verify(options: MirrorComparison, signal?: AbortSignal): Promise<readonly object[]>;
  /** Reads the changes of a table (logical name) now. */
  wake(table: string): void;
}

/** What is compared. */
export interface MirrorComparison {
  readonly repair: boolean;
  readonly cells: boolean;
  readonly onlyTable?: string;
}
