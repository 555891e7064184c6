/** How a process of Node.js is started. */
export interface ProcessSettings {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
