import type { MetadataColumn } from '../model/metadata.ts';

/** Types of columns that rows do not have as a value of their own, and images, which are large. */
const unwatchedTypes: readonly MetadataColumn['type'][] = ['other', 'image', 'parties'];

/** Whether a trigger of any table can watch a column. */
export function isWatchable({ type }: Pick<MetadataColumn, 'type'>): boolean {
  return !unwatchedTypes.includes(type);
}
