import type { TableChoice } from '../plan/plan-table.ts';

/** The content of mirror.yaml, valid against schemas/manifest/mirror.schema.json. */
export interface MirrorFile {
  /** The folder of the manifest, relative to the file; that of the package by default. */
  readonly manifest?: string;
  readonly connection: { readonly saved: string } | { readonly env: string };
  readonly target: TargetYaml;
  readonly tables: Readonly<Record<string, TableYaml | null>>;
  /** `30s` */
  readonly every?: string;
  readonly overlap?: string;
  readonly compareEvery?: string;
}

export interface TableYaml extends Omit<TableChoice, 'keepDeletedMs'> {
  /** `90d` */
  readonly keepDeleted?: string;
}

export interface TargetYaml {
  readonly sqlite?: string;
  readonly postgres?: { readonly env: string };
  readonly schema?: string;
  readonly duckdb?: string;
  readonly parquet?: string;
}

/** The kinds of targets. */
export const targetKinds = ['sqlite', 'postgres', 'duckdb', 'parquet'] as const;
