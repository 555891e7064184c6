/** The values of `:name` in the address of a page. */
export type PageParameters = Readonly<Record<string, string>>;
